import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.security.secrets import SigningKeys
from troupe.security.signing import LONGEST, Unsigned, sign, unsign

OLD, NEW = "o" * 32, "n" * 32
KEYS = SigningKeys(current="new", keys={"old": OLD, "new": NEW})
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=5,
)
PAYLOADS = st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=10), JSON, max_size=3)


def signed(payload=None, keys=KEYS, purpose="cursor"):
    return sign(payload or {"a": 1}, purpose=purpose, keys=keys)


@given(PAYLOADS)
def test_what_is_signed_reads_back(payload):
    text = sign(payload, purpose="cursor", keys=KEYS)
    assert unsign(text, purpose="cursor", keys=KEYS) == payload


def test_its_form():
    body, mac = signed({"a": "ü"}).split(".")
    assert urlsafe_b64decode(body + "==") == 'new.{"a":"ü"}'.encode()
    assert len(urlsafe_b64decode(mac + "=")) == 32
    assert "=" not in body + mac


def test_the_previous_key_is_accepted():
    text = signed(keys=SigningKeys(current="old", keys={"old": OLD}))
    assert unsign(text, purpose="cursor", keys=KEYS) == {"a": 1}


def test_a_key_that_is_gone_is_not():
    with pytest.raises(Unsigned):
        unsign(signed(), purpose="cursor", keys=SigningKeys(current="old", keys={"old": OLD}))


def test_a_key_of_the_same_id_is_not():
    with pytest.raises(Unsigned):
        unsign(signed(), purpose="cursor", keys=SigningKeys(current="new", keys={"new": OLD}))


def test_nor_another_purpose():
    with pytest.raises(Unsigned):
        unsign(signed(), purpose="link", keys=KEYS)


@given(st.data())
def test_no_character_can_be_changed(data):
    text = signed()
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCDwxyz0189-_.=").filter(lambda character: character != text[at]))
    with pytest.raises(Unsigned):
        unsign(text[:at] + other + text[at + 1 :], purpose="cursor", keys=KEYS)


@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{1,30}\.[A-Za-z0-9_-]{43}", fullmatch=True))
def test_no_other_text_is_accepted(text):
    with pytest.raises(Unsigned):
        unsign(text, purpose="cursor", keys=KEYS)


@pytest.mark.parametrize(
    "body",
    [b"", b"new", b".{}", b"\xff.{}", b'unknown.{"a":1}', b"[" * 2000],
)
def test_bodies_that_we_did_not_write(body):
    text = f"{urlsafe_b64encode(body).rstrip(b'=').decode()}.{'A' * 43}"
    with pytest.raises(Unsigned):
        unsign(text, purpose="cursor", keys=KEYS)


def test_surroundings_are_not_ignored():
    for text in (f"{signed()}\n", f" {signed()}", f"{signed()}="):
        with pytest.raises(Unsigned):
            unsign(text, purpose="cursor", keys=KEYS)


def test_what_is_too_long_is_not_read():
    text = sign({"a": "x" * LONGEST}, purpose="cursor", keys=KEYS)
    with pytest.raises(Unsigned):
        unsign(text, purpose="cursor", keys=KEYS)


def test_the_payload_is_compact():
    body = signed({"k": {"PK": "a", "SK": "b"}}).split(".")[0]
    assert (
        urlsafe_b64decode(body + "===").partition(b".")[2]
        == json.dumps({"k": {"PK": "a", "SK": "b"}}, separators=(",", ":")).encode()
    )


class TestSigningKeys:
    @pytest.mark.parametrize(
        ("current", "keys", "reason"),
        [
            ("a", {}, "current"),
            ("a", {"b": NEW}, "current"),
            ("a", {"a": "short"}, "bytes"),
            ("a", {"a": NEW, "b": "short"}, "bytes"),
            ("a.b", {"a.b": NEW}, "id"),
            ("", {"": NEW}, "id"),
            ("a" * 33, {"a" * 33: NEW}, "id"),
        ],
    )
    def test_keys_that_are_none(self, current, keys, reason):
        with pytest.raises(ValueError, match=reason):
            SigningKeys(current=current, keys=keys)

    def test_they_are_not_shown(self):
        assert NEW not in repr(KEYS)

    def test_an_unknown_one_is_looked_up_once_more(self):
        asked = []

        def renew():
            asked.append(1)
            return KEYS

        held = SigningKeys(current="old", keys={"old": OLD}, renew=renew)
        assert held.key("old") == OLD.encode()
        assert not asked
        assert held.key("new") == NEW.encode()
        assert held.key("none") is None
        assert len(asked) == 2

    def test_what_cannot_be_an_id_is_not_looked_up(self):
        def renew():
            raise AssertionError

        assert SigningKeys(current="old", keys={"old": OLD}, renew=renew).key("no.id") is None
