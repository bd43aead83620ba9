"""What a caller is told of each field that is not as it should be."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

import pytest
from pydantic import Field, model_validator

from troupe.edge import error_texts, fields
from troupe.edge.received import InvalidRequest, received
from troupe.edge.request import Malformed, json_of


class Form(fields.Body):
    name: fields.Name = "a"
    note: fields.Text = ""
    email: fields.Email = "a@b.c"
    cents: Annotated[int, Field(ge=0, le=99)] = 0
    share: float = 0.5
    open: bool = True
    kind: Literal["small", "large"] = "small"
    tags: Annotated[tuple[fields.Name, ...], Field(min_length=1, max_length=2)] = ("a",)
    day: fields.Day | None = None
    at: fields.Instant | None = None
    first: int = 1
    last: int = 2

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise fields.Together("the first comes before the last", "first", "last")
        return self


def errors(raw: str | dict[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as invalid:
        received(Form, raw.encode() if isinstance(raw, str) else raw)
    return [(each["field"], each["detail"]) for each in invalid.value.errors]


@pytest.mark.parametrize(
    ("raw", "field", "detail"),
    [
        ('{"cents": true}', "cents", "Give a whole number, without quotes or a fraction."),
        ('{"cents": "5"}', "cents", "Give a whole number, without quotes or a fraction."),
        ('{"cents": 5.0}', "cents", "Give a whole number, without quotes or a fraction."),
        ('{"cents": 100}', "cents", "Give 99 or less."),
        ('{"cents": -1}', "cents", "Give 0 or more."),
        ('{"share": "1"}', "share", "Give a number, without quotes."),
        ('{"open": "yes"}', "open", "Give true or false, without quotes."),
        ('{"name": 1}', "name", "Give a text, in quotes."),
        ('{"name": ""}', "name", "Give at least 1 characters."),
        ('{"name": "a\\nb"}', "name", "Give one line, without line breaks and tabs."),
        ('{"name": "a\\u0000b"}', "name", "Remove control characters and invisible characters."),
        ('{"note": "\\u202eevil"}', "note", "Remove control characters and invisible characters."),
        ('{"email": "ann"}', "email", "Give an e-mail address, as ann@example.com."),
        ('{"kind": "huge"}', "kind", "Give one of 'small' or 'large'."),
        ('{"tags": []}', "tags", "Give at least 1 of them."),
        ('{"tags": {}}', "tags", "Give a list."),
        ('{"day": 0}', "day", "It is written as 2026-01-31."),
        ('{"at": "soon"}', "at", "It is written as 2026-01-31T12:00:00Z."),
        ('{"other": 1}', "other", "There is no such field here."),
        ("[]", "", "Give an object."),
        ({"name": "a\0b"}, "name", "Remove control characters and invisible characters."),
    ],
)
def test_the_detail_says_what_to_do(raw, field, detail):
    assert errors(raw) == [(field, detail)]


def test_fields_that_do_not_go_together_are_all_named():
    said = "The first comes before the last."
    assert errors('{"first": 3}') == [("first", said), ("last", said)]


def test_several_lines_are_for_long_texts():
    assert received(Form, b'{"note": "a\\nb"}').note == "a\nb"


def test_days_and_instants_are_written_as_text():
    given = received(Form, b'{"day": "2026-11-30", "at": "2026-11-30T13:00:00+01:00"}')
    assert (given.day, given.at) == (date(2026, 11, 30), datetime(2026, 11, 30, 12, tzinfo=UTC))


def test_a_query_string_is_text():
    assert received(Form, {"cents": "5", "open": "true"}).cents == 5


def test_what_says_it_is_no_json_is_refused():
    for named in ("application/xml", "text/plain; charset=utf-8", "application/x-www-form-urlencoded"):
        with pytest.raises(Malformed) as refused:
            json_of({"body": "{}", "headers": {"content-type": named}}, 10)
        assert (refused.value.status, refused.value.code) == (415, "unsupported_media_type")
    for headers in (
        {},
        {"content-type": "application/json"},
        {"content-type": "Application/JSON; charset=utf-8"},
    ):
        assert json_of({"body": "{}", "headers": headers}, 10) == b"{}"
    assert json_of({"headers": {"content-type": "text/plain"}}, 10) == b""


def test_what_is_no_json_is_malformed():
    with pytest.raises(Malformed, match="line 1, column 2"):
        received(Form, b"{")


def test_an_error_of_a_kind_that_we_do_not_know_is_said_plainly():
    assert error_texts.text("new_in_the_library", {}) == "This does not have the form that is asked for."
