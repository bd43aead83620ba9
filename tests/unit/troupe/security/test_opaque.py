"""Short texts that only we can read: short, of one place and purpose, and unlike signed ones not readable."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.security.opaque import NotOurs, decrypted, encrypted
from troupe.security.secrets import SigningKeys

KEYS = SigningKeys(current="1", keys={"1": "k" * 32, "0": "j" * 32})
TENANT = "0192f0c1-0000-7000-8000-000000000001"
ORGANIZATION = "0192f0c1-0000-7000-8000-0000000000b1"
PLACE = f"{TENANT}|GSI1|{TENANT}#ORGANIZATIONS||"
KEY = [f"{TENANT}#ORGANIZATION#{ORGANIZATION}", "STATE", ORGANIZATION]

uuids = st.uuids().map(str)
texts = st.lists(
    st.one_of(st.text(max_size=40), uuids, st.tuples(st.text(max_size=5), uuids).map("#".join)), min_size=1
)


def made(given=KEY, place=PLACE, purpose="cursor", keys=KEYS):
    return encrypted(given, purpose=purpose, place=place, keys=keys)


def read(text, place=PLACE, purpose="cursor", keys=KEYS):
    return decrypted(text, purpose=purpose, place=place, keys=keys)


@given(texts, st.text(max_size=80))
def test_what_was_encrypted_is_read_again(given, place):
    assert read(made(given, place), place) == given


def test_more_ids_than_have_a_number_are_too_long_to_be_read():
    many = made([str(UUID(int=number)) for number in range(300)])
    with pytest.raises(NotOurs, match="malformed"):
        read(many)


@given(texts)
def test_the_same_is_the_same_again(given):
    assert made(given) == made(given)


def test_the_key_of_an_item_in_an_index_takes_80_characters():
    assert len(made()) <= 80
    assert "ORGANIZATION" not in made()


def test_others_of_one_place_have_nothing_in_common():
    one, two = made(["a" * 60]), made(["a" * 59 + "b"])
    assert sum(a == b for a, b in zip(one[2:], two[2:], strict=True)) < 20


@pytest.mark.parametrize("other", [{"place": PLACE.replace("1|GSI1", "2|GSI1")}, {"purpose": "link"}])
def test_it_is_good_for_one_place_and_purpose(other):
    with pytest.raises(NotOurs, match="forged"):
        read(made(), **other)


def test_what_is_changed_anywhere_is_refused():
    good = made()
    for at in range(2, len(good)):
        changed = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises(NotOurs):
            read(changed)


@pytest.mark.parametrize(
    "text", ["", "x", "1.", "1.A", "1.x y", ".AAAA", "é", "9.AAAA", "1." + "A" * 2000, "1.AAAA.B"]
)
def test_what_is_none_is_refused(text):
    with pytest.raises(NotOurs):
        read(text)


def test_an_older_key_is_good_until_it_is_removed():
    older = made(keys=SigningKeys(current="0", keys={"0": "j" * 32}))
    assert read(older) == KEY
    with pytest.raises(NotOurs, match="unknown key"):
        read(older, keys=SigningKeys(current="1", keys={"1": "k" * 32}))
