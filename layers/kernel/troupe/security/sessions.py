"""A session: what a refresh token is good for. The token is rotated at each use, and its reuse ends the
session.

A token used again within 30 seconds, whose successor was not used yet, gets a fresh pair: a response can get
lost. Rotation and reuse detection: RFC 9700, 4.14.2 (https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2).
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Literal

from troupe.ids import is_uuid
from troupe.store import keys, writes
from troupe.store.writes import Action

LASTS = timedelta(days=30)
FORGIVEN = timedelta(seconds=30)

type Verdict = Literal["rotate", "reused", "ended"]


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
        "rotated_at": int(now.timestamp()),
        "expires_at": int((now + LASTS).timestamp()),
    }
    return writes.put(keys.session(token.tenant_id, token.session_id), values, absent=True)


def judge(session: Mapping[str, Any], token: RefreshToken, epoch: int, now: datetime) -> Verdict:
    """What a presented token is worth: a fresh pair, the end of the session, or nothing."""
    if session["principal_id"] != token.principal_id or session["epoch"] != epoch:
        return "ended"
    if session["expires_at"] <= now.timestamp() or "ended_at" in session:
        return "ended"
    if compare_digest(token.digest, session["current"]):
        return "rotate"
    lately = now.timestamp() - session["rotated_at"] <= FORGIVEN.total_seconds()
    former = compare_digest(token.digest, session.get("previous", ""))
    return "rotate" if former and lately else "reused"


def rotated(session: Mapping[str, Any], used: RefreshToken, successor: RefreshToken, now: datetime) -> Action:
    """Make the successor current. A repeated use keeps the instant of the first, so that forgiveness ends."""
    again = used.digest == session.get("previous")
    values = {
        "current": successor.digest,
        "previous": used.digest,
        "at": session["rotated_at"] if again else int(now.timestamp()),
        "until": int((now + LASTS).timestamp()),
        "seen": session["current"],
    }
    return writes.update(
        keys.session(used.tenant_id, used.session_id),
        "SET #current = :current, previous = :previous, rotated_at = :at, expires_at = :until",
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
