"""A session: what a refresh token is good for. The token is rotated at each use, and its reuse ends the
session.

A token used again within 30 seconds gets the same successor, byte for byte, since a response can get lost and
two tabs can refresh at once. So the successor is derived from the used token, not drawn.
Rotation and reuse detection: RFC 9700, 4.14.2 (https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2).
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal

from troupe.ids import is_uuid
from troupe.security.secrets import SigningKeys
from troupe.store import keys, writes
from troupe.store.writes import Action

LASTS = timedelta(days=30)
FORGIVEN = timedelta(seconds=30)

REMEMBERED = 10  # used tokens, at most

type Verdict = Literal["rotate", "repeat", "reused", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """What the token says: whose it is, where its session is, and a secret that the session has the hash of.

    Nothing in it is believed before the session agrees.
    """

    tenant_id: str
    principal_id: str
    session_id: str
    secret: str

    @property
    def digest(self) -> str:
        return sha256(self.secret.encode()).hexdigest()

    def text(self) -> str:
        joined = f"{self.tenant_id}|{self.principal_id}|{self.session_id}|{self.secret}"
        return urlsafe_b64encode(joined.encode()).decode().rstrip("=")


def fresh(tenant_id: str, principal_id: str, session_id: str) -> RefreshToken:
    return RefreshToken(
        tenant_id=tenant_id,
        principal_id=principal_id,
        session_id=session_id,
        secret=secrets.token_urlsafe(32),
    )


def successor(used: RefreshToken, keyring: SigningKeys) -> RefreshToken:
    """What follows a used token: an HMAC of the session's id and the token's digest under the signing key."""
    _, key = keyring.signing()
    mac = hmac.digest(key, f"refresh\0{used.session_id}\0{used.digest}".encode(), sha256)
    return replace(used, secret=urlsafe_b64encode(mac).decode().rstrip("="))


def read(text: str) -> RefreshToken | None:
    """The token, or None for what never was one."""
    try:
        parts = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        tenant_id, principal_id, session_id, secret = parts
    except (BadBase64, ValueError):
        return None
    if not (tenant_id == keys.SYSTEM or is_uuid(tenant_id)):
        return None
    if not (is_uuid(principal_id) and is_uuid(session_id)):
        return None
    return RefreshToken(tenant_id=tenant_id, principal_id=principal_id, session_id=session_id, secret=secret)


def opened(token: RefreshToken, epoch: int, now: datetime) -> Action:
    values = {
        "principal_id": token.principal_id,
        "epoch": epoch,
        "current": token.digest,
        "expires_at": int((now + LASTS).timestamp()),
    }
    return writes.put(keys.session(token.tenant_id, token.session_id), values, absent=True)


def judge(session: Mapping[str, Any], token: RefreshToken, epoch: int, now: datetime) -> Verdict:
    """What a presented token is worth.

    `rotate`: it is the current one. `repeat`: it was used a moment ago, and gets its successor again.
    """
    if session["principal_id"] != token.principal_id or session["epoch"] != epoch:
        return "ended"
    if session["expires_at"] <= now.timestamp() or "ended_at" in session:
        return "ended"
    if compare_digest(token.digest, session["current"]):
        return "rotate"
    return "reused" if used_at(session, token, now) is None else "repeat"


def knows(session: Mapping[str, Any], token: RefreshToken, now: datetime) -> bool:
    """Whether a token is the session's current one, or was a moment ago."""
    return compare_digest(token.digest, session["current"]) or used_at(session, token, now) is not None


def used_at(session: Mapping[str, Any], token: RefreshToken, now: datetime) -> datetime | None:
    """When a token was used, if that was a moment ago."""
    for each in _recent(session, now):
        if compare_digest(token.digest, each["digest"]):
            return datetime.fromtimestamp(each["at"], UTC)
    return None


def rotated(session: Mapping[str, Any], used: RefreshToken, keyring: SigningKeys, now: datetime) -> Action:
    """Make the successor of a used token current."""
    recent = [*_recent(session, now), {"digest": used.digest, "at": int(now.timestamp())}]
    values = {
        "current": successor(used, keyring).digest,
        "recent": recent[-REMEMBERED:],
        "until": int((now + LASTS).timestamp()),
        "seen": session["current"],
    }
    return writes.update(
        keys.session(used.tenant_id, used.session_id),
        "SET #current = :current, recent = :recent, expires_at = :until",
        values,
        condition="#current = :seen AND attribute_not_exists(ended_at)",
        names={"#current": "current"},
    )


def ended(token: RefreshToken, now: datetime) -> Action:
    return writes.update(
        keys.session(token.tenant_id, token.session_id),
        "SET ended_at = :at",
        {"at": int(now.timestamp())},
        condition="attribute_exists(PK)",
    )


def _recent(session: Mapping[str, Any], now: datetime) -> list[Mapping[str, Any]]:
    oldest = now.timestamp() - FORGIVEN.total_seconds()
    return [each for each in session.get("recent", []) if each["at"] >= oldest]
