"""Items as plain dictionaries, in DynamoDB's form and back."""

from decimal import Decimal

import pytest

from troupe.store.attributes import pack, unpack

PLAIN = {
    "flag": True,
    "count": 3,
    "name": "box",
    "body": b"\x1f\x8b",
    "parts": [1, "two", None],
    "inside": {"deep": {"deeper": False}},
    "tags": {"b", "a"},
}


def test_what_is_packed_comes_back_as_it_was():
    assert unpack(pack(PLAIN)) == PLAIN


def test_every_kind_has_the_name_that_dynamodb_gives_it():
    kinds = {name: next(iter(value)) for name, value in pack(PLAIN).items()}
    assert list(kinds.values()) == ["BOOL", "N", "S", "B", "L", "M", "SS"]
    assert pack({"tags": {"b", "a"}}) == {"tags": {"SS": ["a", "b"]}}


def test_absent_stays_absent():
    assert pack({"gone": None}) == {}


def test_numbers_stay_whole_where_they_are():
    assert unpack({"whole": {"N": "2"}, "part": {"N": "2.5"}}) == {"whole": 2, "part": 2.5}
    assert pack({"exact": Decimal("0.1")}) == {"exact": {"N": "0.1"}}


@pytest.mark.parametrize("value", [object(), set(), {1}, 1.5])
def test_what_dynamodb_does_not_hold_is_refused(value):
    with pytest.raises(TypeError, match="an item holds no"):
        pack({"it": value})
