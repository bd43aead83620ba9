"""ETags of what is read, and what `If-None-Match` makes of them."""

import pytest

from troupe.edge.etags import tagged
from troupe.edge.request import if_match
from troupe.edge.response import response
from troupe.store.scope import Answer


def read(body=None, headers=None, status=200, **more):
    return Answer(status=status, body=body or {"name": "blue"}, headers=headers or {}, **more)


ONE = read(headers={"etag": '"4"'})
TAG = tagged(ONE, None).headers["etag"]
LIST = tagged(read({"items": []}), None).headers["etag"]


def test_it_says_the_version_and_tells_answers_of_one_version_apart():
    other = tagged(read({"name": "red"}, {"etag": '"4"'}), None).headers["etag"]
    assert TAG.startswith('"4.')
    assert other.startswith('"4.')
    assert other != TAG


def test_a_list_has_a_weak_one():
    assert LIST.startswith('W/"')


def test_the_order_of_fields_is_nothing():
    tags = {tagged(read(body), None).headers["etag"] for body in ({"a": 1, "b": 2}, {"b": 2, "a": 1})}
    assert len(tags) == 1


@pytest.mark.parametrize("given", [TAG, f"W/{TAG}", f'"1", {TAG}', "*", f'W/"x",{TAG}'])
def test_what_the_caller_has_is_not_sent_again(given):
    answer = tagged(ONE, given)
    assert (answer.status, answer.body, answer.headers) == (304, {}, {"etag": TAG})
    sent = response(answer, "r1")
    assert (sent["body"], sent["headers"]["etag"]) == ("", TAG)
    assert "content-type" not in sent["headers"]


@pytest.mark.parametrize("given", ['"4"', '"4.000000000000"', "", "x", '"3.9f86d081884c"', LIST, None])
def test_anything_else_is_sent(given):
    assert tagged(ONE, given).status == 200


def test_a_list_that_is_the_same_is_not_sent_again():
    assert tagged(read({"items": []}), LIST).status == 304


@pytest.mark.parametrize("answer", [read(status=404), read(raw=b"<p>")])
def test_what_is_no_json_that_was_read_has_none(answer):
    assert tagged(answer, "*") is answer


def test_a_change_takes_its_version():
    assert if_match({"headers": {"if-match": TAG}}) == 4
    assert if_match({"headers": {"if-match": f"W/{TAG}"}}) == 4
