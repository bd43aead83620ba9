"""By which words something is found, and which are looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.domain.words import LONGEST_WORD, MOST_WORDS, folded, searched, words_of


@pytest.mark.parametrize(
    "text, words",
    [
        ("Ann Smith", ("ann", "smith")),
        ("  ann,SMITH;ann ", ("ann", "smith")),
        ("Zo\u00eb M\u00fcller-L\u00fcdenscheidt", ("zoe", "muller", "ludenscheidt", "mullerludenscheidt")),
        ("Zoe\u0308", ("zoe",)),
        ("O\u2019Brien", ("o", "brien", "obrien")),
        ("Stra\u00dfe", ("strasse",)),
        ("S\u00f8ren \u0141uk\u00e1sz", ("soren", "lukasz")),
        ("\uff21\uff4e\uff4e", ("ann",)),
        ("@ann_baker.01", ("ann", "baker", "01")),
        ("ORD-1234", ("ord", "1234", "ord1234")),
        ("anna.smith+news@mail.example.co.uk", ("anna", "smith", "news", "mail", "example", "co")),
        ("ann@localhost", ("ann", "localhost")),
        ("\u674e\u5c0f\u9f99", ("\u674e\u5c0f\u9f99",)),
        ("\U0001f389 !?", ()),
    ],
)
def test_the_words_of_a_text(text, words):
    assert words_of(text) == words


def test_texts_together_have_a_dozen_words_and_no_more():
    many = " ".join(f"w{n}" for n in range(20))
    assert words_of("Ann", None, "", many) == ("ann", *(f"w{n}" for n in range(MOST_WORDS - 1)))
    assert words_of("x" * 40) == ("x" * LONGEST_WORD,)


def test_a_search_has_the_longest_word_first_and_no_joined_ones():
    assert searched("jo Anna-Lena S.") == ("anna", "lena", "jo", "s")
    assert searched("ann@exam") == ("exam", "ann")
    assert searched("...") == ()


@given(st.text(max_size=60))
def test_whatever_is_written_is_found_by_it_in_any_case(text):
    kept = set(words_of(text))
    every = set(searched(text))
    assert every <= kept or len(kept) == MOST_WORDS
    assert all(word == folded(word) and "#" not in word for word in kept)
