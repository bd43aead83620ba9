import time
from statistics import median

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troupe.domain.decider import Rejected
from troupe.security import passwords

PASSWORD = "correct horse"
LONG = "".join(map(chr, range(33, 105)))  # 72 bytes


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setenv("BCRYPT_COST", "4")


def code_of(refused):
    return refused.value.code


class TestCheck:
    @pytest.mark.parametrize(
        "password", ["abcdefghij", LONG, "äöüß" * 8 + "ähm!", "пароль пароль", "😀🎈" * 8 + "😀"]
    )
    def test_accepted(self, password):
        passwords.check(password, "ann@example.com")

    @pytest.mark.parametrize(
        ("password", "code"),
        [
            ("", "password_too_short"),
            ("a" * 9, "password_too_short"),
            ("😀" * 9, "password_too_short"),  # characters, not bytes
            ("e\u0301" * 9, "password_too_short"),  # nine letters, however they are typed
            ("a" * 73, "password_too_long"),
            ("ä" * 37, "password_too_long"),  # bytes, not characters
            ("ann@example.com", "password_is_email"),
            ("ANN@Example.COM", "password_is_email"),
            ("a" * 10 + "\0", "password_malformed"),
            ("a" * 10 + "\ud800", "password_malformed"),
        ],
    )
    def test_refused(self, password, code):
        with pytest.raises(Rejected) as refused:
            passwords.check(password, " ann@example.com")
        assert code_of(refused) == code


class TestHash:
    def test_matches_itself_alone(self):
        hashed = passwords.hash(PASSWORD)
        assert passwords.matches(PASSWORD, hashed)
        assert not passwords.matches("correct Horse", hashed)

    def test_every_hash_has_its_salt(self):
        assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)

    def test_it_is_bcrypt_of_the_cost_that_is_set(self, monkeypatch):
        assert passwords.hash(PASSWORD).startswith("$2b$04$")
        monkeypatch.delenv("BCRYPT_COST")
        assert passwords.hash(PASSWORD).startswith("$2b$12$")

    def test_the_same_text_in_another_form_matches(self):
        assert passwords.matches("cafe\u0301 au lait", passwords.hash("caf\u00e9 au lait"))

    def test_what_is_too_long_is_refused_and_not_cut(self):
        with pytest.raises(Rejected) as refused:
            passwords.hash("a" * 73)
        assert code_of(refused) == "password_too_long"
        assert not passwords.matches("a" * 73, passwords.hash("a" * 72))

    def test_malformed(self):
        with pytest.raises(Rejected) as refused:
            passwords.hash("\ud800")
        assert code_of(refused) == "password_malformed"

    def test_the_reference_accepts_it(self):
        assert bcrypt.checkpw(PASSWORD.encode(), passwords.hash(PASSWORD).encode())

    @settings(max_examples=20)
    @given(st.text(min_size=1, max_size=30), st.text(max_size=30))
    def test_only_what_was_hashed(self, password, other):
        try:
            hashed = passwords.hash(password)
        except Rejected:
            return
        assert passwords.matches(password, hashed)
        assert passwords.matches(other, hashed) == (passwords._normal(other) == passwords._normal(password))


class TestUnknownAccount:
    @pytest.mark.parametrize("password", [PASSWORD, "", "a" * 100, "\ud800", "\0"])
    def test_nothing_matches_no_hash(self, password):
        assert not passwords.matches(password, None)

    @pytest.mark.parametrize("password", ["", "a" * 100, "\ud800", "\0"])
    def test_what_cannot_be_hashed_matches_nothing(self, password):
        assert not passwords.matches(password, passwords.hash(PASSWORD))

    def test_an_empty_hash_matches_nothing(self):
        assert not passwords.matches(PASSWORD, "")

    def test_it_takes_as_long(self, monkeypatch):
        monkeypatch.setenv("BCRYPT_COST", "9")
        hashed = passwords.hash(PASSWORD)

        def spent(work, *given):
            started = time.process_time()
            work(*given)
            return time.process_time() - started

        known = median(spent(passwords.matches, "wrong password", hashed) for _ in range(5))
        for work, password in [
            (passwords.match_placeholder, "wrong password"),
            (passwords.match_placeholder, "a" * 100),
            (passwords.match_placeholder, "\ud800"),
        ]:
            unknown = median(spent(work, password) for _ in range(5))
            assert 0.5 < unknown / known < 2


@pytest.mark.parametrize(
    "password",
    ["qwertyuiop", "Password123", "1q2w3e4r5t", "passwordpassword", "abcabcabcabc", "aaaaaaaaaaaa"],
)
def test_what_many_people_use_is_refused(password):
    with pytest.raises(Rejected) as refused:
        passwords.check(password, "ann@example.com")
    assert refused.value.code == "password_too_common"


def test_a_phrase_that_contains_a_common_word_is_a_password():
    passwords.check("my password is long", "ann@example.com")
