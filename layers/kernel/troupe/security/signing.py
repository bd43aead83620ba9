"""Small JSON documents signed with HMAC-SHA256, as text that fits a URL: cursors, and links in mails."""

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from troupe.security.secrets import SigningKeys, signing_keys

LONGEST = 4096  # characters

_SIGNED = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})")


class Unsigned(Exception):  # noqa: N818 -- an answer, not a fault
    """Text that was not signed for this purpose with a key that is known."""


def sign(payload: Mapping[str, Any], *, purpose: str, keys: SigningKeys | None = None) -> str:
    """`base64url(kid.json).base64url(mac)`, unpadded. It can be read by anyone, and changed by no one.

    The purpose is part of what is signed, so what was signed for one is nothing for another.
    Without `keys` those of SIGNING_SECRET_ARN are taken.
    """
    kid, key = (keys or signing_keys()).signing()
    document = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    body = _text(f"{kid}.{document}".encode())
    return f"{body}.{_mac(key, purpose, body)}"


def unsign(text: str, *, purpose: str, keys: SigningKeys | None = None) -> dict[str, Any]:
    """The payload that was signed for this purpose; raises `Unsigned`. It is parsed when it is verified."""
    parts = _SIGNED.fullmatch(text) if len(text) <= LONGEST else None
    if parts is None:
        raise Unsigned("malformed")
    body, mac = parts.groups()
    try:
        kid, _, document = urlsafe_b64decode(body + "=" * (-len(body) % 4)).partition(b".")
        key = (keys or signing_keys()).key(kid.decode())
    except ValueError:
        raise Unsigned("malformed") from None
    if key is None or not hmac.compare_digest(_mac(key, purpose, body), mac):
        raise Unsigned("forged")
    payload: dict[str, Any] = json.loads(document)
    return payload


def _mac(key: bytes, purpose: str, body: str) -> str:
    return _text(hmac.digest(key, f"{purpose}\0{body}".encode(), sha256))


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
