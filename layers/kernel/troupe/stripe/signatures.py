"""Signatures of Stripe's webhooks, verified over the raw body with hmac alone (https://docs.stripe.com/webhooks)."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

TOLERANCE_SECONDS = 300
LONGEST_HEADER = 4096


class BadSignature(Exception):  # noqa: N818 -- an answer, not a fault
    """Not from who holds the secret, or not from now: to be answered with 400, and not stored."""


class MalformedSignature(BadSignature):
    """There is no header, or it is not `t=<seconds>,v1=<hex>[,v1=<hex>...]`."""


class ForgedSignature(BadSignature):
    """No signature is of this body, with any of the secrets."""


class StaleSignature(BadSignature):
    """It is genuine and too old, or too far ahead: perhaps a replay."""


def verify(body: bytes, header: str, secrets: Sequence[str], now: datetime) -> datetime:
    """When the body was signed, if that was with one of the secrets and within five minutes of `now`.

    While a secret is rotated there are two here and two `v1` entries there; one match is enough. Entries of
    other schemes are ignored. Raises `BadSignature`; ValueError without a secret, or with a blank one.
    """
    if not secrets or not all(secret.strip() for secret in secrets):
        raise ValueError("a blank secret verifies nothing")
    timestamp, signatures = _parts(header)
    signed = timestamp.encode() + b"." + body
    expected = [hmac.new(secret.encode(), signed, sha256).hexdigest() for secret in secrets]
    if not _any_same(expected, signatures):
        raise ForgedSignature("no signature matches")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise StaleSignature("not signed within five minutes")
    return datetime.fromtimestamp(int(timestamp), UTC)


def _parts(header: str) -> tuple[str, list[str]]:
    if len(header) > LONGEST_HEADER or not header.isascii():
        raise MalformedSignature("not a signature header")
    entries = [entry.strip().partition("=") for entry in header.split(",")]
    timestamps = [value for name, _, value in entries if name == "t"]
    signatures = [value for name, _, value in entries if name == "v1"]
    if len(timestamps) != 1 or not signatures:
        raise MalformedSignature("one time and at least one signature are needed")
    if not timestamps[0].isdecimal() or len(timestamps[0]) > len("9999999999"):
        raise MalformedSignature("the time is in whole seconds")
    return timestamps[0], signatures


def _any_same(expected: Sequence[str], signatures: Sequence[str]) -> bool:
    """Compares all with all, each in constant time, so that the time taken tells nothing of what matched."""
    same = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in signatures]
    return any(same)
