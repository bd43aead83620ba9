"""Passwords: which are accepted, and their bcrypt hashes."""

import os
import unicodedata
from functools import cache
from importlib.resources import files

import bcrypt

from troupe.domain.decider import Invalid, Rejected

SHORTEST = 10  # characters
LONGEST = 72  # bytes: bcrypt reads no further
REFUSALS = (
    "password_too_short",
    "password_too_long",
    "password_is_email",
    "password_too_common",
    "password_malformed",
)

# A salt and a digest that no password is known for: what is compared when there is no user to compare with.
_PLACEHOLDER_HASH = "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234"


def check(password: str, email: str) -> None:
    """Refuse a password that must not be chosen by the owner of that address.

    Raises `Rejected` with one of `REFUSALS`; malformed is what has a NUL or is no UTF-8. There is no rule of
    composition: NIST SP 800-63B-4, 3.1.1.2 (https://pages.nist.gov/800-63-4).
    """
    secret = _secret(password)
    if len(_normal(password)) < SHORTEST:
        raise Invalid("password_too_short", f"A password has at least {SHORTEST} characters.", "password")
    if len(secret) > LONGEST:
        raise Invalid("password_too_long", f"A password has at most {LONGEST} bytes.", "password")
    if _common(_normal(password).casefold()):
        raise Invalid("password_too_common", "This password is one that many people use.", "password")
    if _normal(password).casefold() == _normal(email).strip().casefold():
        raise Invalid("password_is_email", "A password is not the e-mail address.", "password")


def hash(password: str) -> str:  # noqa: A001 -- read as passwords.hash
    """The bcrypt hash, of the cost in BCRYPT_COST (12). What is too long is `Rejected`, never cut."""
    secret = _secret(password)
    if len(secret) > LONGEST:
        raise Invalid("password_too_long", f"A password has at most {LONGEST} bytes.", "password")
    return bcrypt.hashpw(secret, bcrypt.gensalt(_cost())).decode()


def matches(password: str, hashed: str | None) -> bool:
    """Whether it is the password that was hashed. Without a hash, and for any password, it takes as long."""
    try:
        secret = _secret(password)
    except Rejected:
        secret = b""  # never one that was hashed: the shortest has characters
    same = bcrypt.checkpw(secret[:LONGEST], (hashed or f"$2b${_cost():02}${_PLACEHOLDER_HASH}").encode())
    return same and hashed is not None and 0 < len(secret) <= LONGEST


def match_placeholder(password: str) -> None:
    """Take the time that a comparison takes, for a user who is not there."""
    matches(password, None)


@cache
def _known() -> frozenset[str]:
    lines = (files("troupe.security") / "common_passwords.txt").read_text("ascii").splitlines()
    return frozenset(lines[1:])


def _common(password: str) -> bool:
    """Whether it is among the most common ones, or repeats a piece that is too short for a password."""
    piece = (password + password).find(password, 1)
    return password in _known() or piece < SHORTEST


def _cost() -> int:
    return int(os.environ.get("BCRYPT_COST", "12"))


def _normal(text: str) -> str:
    """One form for what looks alike and is typed alike on every keyboard (NIST SP 800-63B, as above)."""
    return unicodedata.normalize("NFKC", text)


def _secret(password: str) -> bytes:
    """What is hashed; `Rejected` as malformed, which a password from a JSON body can be."""
    try:
        secret = _normal(password).encode()
    except UnicodeEncodeError:
        secret = b"\0"
    if b"\0" in secret:
        raise Invalid("password_malformed", "A password is text.", "password")
    return secret
