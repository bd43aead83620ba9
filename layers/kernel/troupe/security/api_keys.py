"""The key of a service principal: what its text says, and the item by which the authorizer knows it.

The text is `trp_`, the key's id, the tenant's id, and a secret of 256 random bits. The item has hashes of
secrets; SHA-256 suffices for what cannot be guessed. After a rotation the former secret goes on for a while.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from uuid import UUID

from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.writes import Action

MARK = "trp_"
KIND = "service"  # of a principal that is no person
SHOWN = len(MARK) + 16  # characters of the key that lists show: its time, and 12 random bits
DAY = "last_used_on"

_TEXT = re.compile(rf"{MARK}([0-9a-f]{{32}})([0-9a-f]{{32}})([A-Za-z0-9_-]{{43}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What the text of a key says. Nothing in it is believed before the item agrees."""

    id: str
    tenant_id: str
    secret: str = field(repr=False)

    @property
    def digest(self) -> str:
        return sha256(self.secret.encode()).hexdigest()

    def text(self) -> str:
        return f"{MARK}{UUID(self.id).hex}{UUID(self.tenant_id).hex}{self.secret}"


def fresh(tenant_id: str, key_id: str) -> ApiKey:
    return ApiKey(id=key_id, tenant_id=tenant_id, secret=secrets.token_urlsafe(32))


def prefix(key_id: str) -> str:
    """The beginning of the key's text, by which people tell keys apart."""
    return f"{MARK}{UUID(key_id).hex}"[:SHOWN]


def read(text: str) -> ApiKey | None:
    """The key, or None for what never was one."""
    given = _TEXT.fullmatch(text)
    if given is None:
        return None
    key_id, tenant_id, secret = given.groups()
    return ApiKey(id=str(UUID(key_id)), tenant_id=str(UUID(tenant_id)), secret=secret)


def place(tenant_id: str, key_id: str) -> Key:
    return keys.part(tenant_id, "api_key", key_id, "ACCESS")


def opened(key: ApiKey, permissions: Iterable[str], expires_at: datetime | None) -> Action:
    until = {} if expires_at is None else {"ends_at": int(expires_at.timestamp())}
    values = {"digest": key.digest, "permissions": list(permissions), **until}
    return writes.put(place(key.tenant_id, key.id), values, absent=True)


def rotated(key: ApiKey, former_until: datetime) -> Action:
    """Make a new secret the key's; the one before goes on until then, and one before that ends."""
    return writes.update(
        place(key.tenant_id, key.id),
        "SET former = digest, former_until = :until, digest = :digest",
        {"until": int(former_until.timestamp()), "digest": key.digest},
        condition="attribute_exists(PK)",
    )


def closed(tenant_id: str, key_id: str) -> Action:
    """No secret is good any more; the day of the last use stays."""
    return writes.update(place(tenant_id, key_id), "REMOVE digest, former, former_until", {})


def admits(item: Mapping[str, Any] | None, key: ApiKey, now: datetime) -> bool:
    """Whether the secret is the key's, or was until a moment that has not come."""
    known = item or {}
    if compare_digest(known.get("digest", ""), key.digest):
        return True
    late = known.get("former_until", 0) <= now.timestamp()
    return compare_digest(known.get("former", ""), key.digest) and not late


def expired(item: Mapping[str, Any], now: datetime) -> bool:
    return "ends_at" in item and item["ends_at"] <= now.timestamp()


def used(key: ApiKey, day: str) -> Action:
    """Note the day of the last use: once a day at most, and never an earlier day."""
    return writes.update(
        place(key.tenant_id, key.id),
        f"SET {DAY} = :day",
        {"day": day},
        condition=f"attribute_exists(digest) AND (attribute_not_exists({DAY}) OR {DAY} < :day)",
    )
