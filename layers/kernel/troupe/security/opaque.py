"""A few short texts encrypted and authenticated as one text that fits a URL: what a cursor holds.

A synthetic-IV construction (as in RFC 5297) of HMAC-SHA256 alone, which every function has loaded already:
the MAC of what is encrypted is the counter's start. The same texts give the same text again; nothing else can
be learned from it.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from itertools import batched
from uuid import UUID

from troupe.security.secrets import SigningKeys, signing_keys

LONGEST = 1024  # characters
MAC = 16  # bytes
_HYPHENED = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_OPAQUE = re.compile(r"([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)")
_END, _UUID, _KNOWN, _ESCAPE = b"\x00", b"\x01", b"\x02", b"\x03"
_PACKED = re.compile(rb"[\x00-\x03]|" + _HYPHENED.pattern)
_PIECE = re.compile(rb"(\x00)|\x01(.{16})|\x02(.)|\x03(.)|([^\x00-\x03]+)", re.DOTALL)
_MOST_KNOWN = 255


class NotOurs(Exception):  # noqa: N818 -- an answer, not a fault
    """Text that was not made for this purpose and place with a key that is known."""


def encrypted(texts: Sequence[str], *, purpose: str, place: str, keys: SigningKeys | None = None) -> str:
    """The texts, one at least, as `kid.base64url`. It is good for the same purpose and place alone.

    A UUID takes 16 bytes, and two where it is in the place or came before.
    """
    kid, key = (keys or signing_keys()).signing()
    plain = _pack(texts, place)
    mac = _mac(key, purpose, place, plain)
    return f"{kid}.{_text(mac + _mixed(key, purpose, mac, plain))}"


def decrypted(text: str, *, purpose: str, place: str, keys: SigningKeys | None = None) -> list[str]:
    """The texts that were encrypted for this purpose and place; raises `NotOurs`."""
    parts = _OPAQUE.fullmatch(text) if len(text) <= LONGEST else None
    if parts is None:
        raise NotOurs("malformed")
    kid, body = parts.groups()
    key = (keys or signing_keys()).key(kid)
    if key is None:
        raise NotOurs("of an unknown key")
    try:
        octets = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:
        raise NotOurs("malformed") from None
    if _text(octets) != body:  # base64 leaves bits of its last character unused
        raise NotOurs("malformed")
    mac, mixed = octets[:MAC], octets[MAC:]
    plain = _mixed(key, purpose, mac, mixed)
    if not hmac.compare_digest(_mac(key, purpose, place, plain), mac):
        raise NotOurs("forged")
    return _unpack(plain, place)


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _mac(key: bytes, purpose: str, place: str, plain: bytes) -> bytes:
    own = hmac.digest(key, f"{purpose}\0mac".encode(), sha256)
    where = place.encode()
    return hmac.digest(own, len(where).to_bytes(4) + where + plain, sha256)[:MAC]


def _mixed(key: bytes, purpose: str, start: bytes, octets: bytes) -> bytes:
    """The octets with a key stream over them; twice is not at all."""
    own = hmac.digest(key, f"{purpose}\0stream".encode(), sha256)
    blocks = batched(octets, sha256().digest_size, strict=False)
    return b"".join(
        bytes(a ^ b for a, b in zip(block, hmac.digest(own, start + at.to_bytes(4), sha256), strict=False))
        for at, block in enumerate(blocks)
    )


def _known(place: str) -> list[bytes]:
    return list(dict.fromkeys(_HYPHENED.findall(place.encode())))[:_MOST_KNOWN]


def _pack(texts: Sequence[str], place: str) -> bytes:
    known = _known(place)

    def short(found: re.Match[bytes]) -> bytes:
        text = found[0]
        if len(text) == 1:
            return _ESCAPE + text
        if text in known:
            return _KNOWN + bytes([known.index(text)])
        if len(known) < _MOST_KNOWN:
            known.append(text)
        return _UUID + UUID(text.decode()).bytes

    return _END.join(_PACKED.sub(short, each.encode()) for each in texts)


def _unpack(plain: bytes, place: str) -> list[str]:
    known, texts = _known(place), [b""]
    for piece in _PIECE.finditer(plain):
        end, raw, index, escaped, rest = piece.groups()
        if end is not None:
            texts.append(b"")
        elif raw is not None:
            known.append(str(UUID(bytes=raw)).encode())
            texts[-1] += known[-1]
        else:
            texts[-1] += known[index[0]] if index is not None else escaped or rest
    return [each.decode() for each in texts]
