"""What the API reads as JSON, and what it says of the rest."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.edge import strict_json
from troupe.edge.strict_json import NotJson

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_it_is(value):
    assert strict_json.read(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b'{"a": 1,}', "Illegal trailing comma before end of object at line 1, column 8"),
        (b'{\n  "a": x}', "Expecting value at line 2, column 8"),
        (b"", "Expecting value at line 1, column 1"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', 'has the key "c" twice'),
        (b'"\xff"', "byte 2 cannot be decoded"),
        (b"NaN", "NaN is no number"),
        (b"9" * 5000, "too many digits"),
        (b"[" * 20_000 + b"]" * 20_000, "nested more than 100 levels"),
        (b"[" * 101 + b"]" * 101, "nested more than 100 levels"),
    ],
    ids=["comma", "second line", "empty", "twice", "utf-8", "nan", "digits", "very deep", "deep"],
)
def test_the_refusal_says_what_and_where(raw, detail):
    with pytest.raises(NotJson) as refused:
        strict_json.read(raw)
    assert detail in refused.value.detail


def test_a_hundred_levels_are_read():
    assert strict_json.read(b"[" * 100 + b"]" * 100)


@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\x7f", "\u202e", "\u200b", "\u2028", "\ufeff", "\u2066"]
)
@pytest.mark.parametrize("escaped", [True, False])
def test_hidden_characters_are_found_where_they_are(character, escaped):
    value = {"lines": [{"name": f"a{character}b"}, {"name": "ab"}], f"k{character}": 1}
    raw = json.dumps(value, ensure_ascii=escaped).encode()
    assert strict_json.hidden(raw, value) == ["lines.0.name", f"k{character}"]


def test_half_a_character_is_hidden():
    assert strict_json.hidden(rb'["\ud83d"]', strict_json.read(rb'["\ud83d"]')) == ["0"]


@pytest.mark.parametrize(
    "text",
    [
        "a\nb\tc\r\n",
        "\u05e9\u05dc\u05d5\u05dd",  # Hebrew
        "\u200f\u0645\u0631\u062d\u0628\u0627",  # Arabic, with the mark of its direction
        "\U0001f469\u200d\U0001f467",  # a family, joined
        "e\u0301",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
    ],
    ids=["lines", "hebrew", "arabic", "emoji", "accent", "persian"],
)
def test_what_people_write_is_not_hidden(text):
    assert strict_json.hidden(json.dumps([text]).encode(), [text]) == []
