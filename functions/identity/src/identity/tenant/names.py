"""A tenant's names: the slug and the custom domain, which no other tenant has. Their guards are under `@`.

A hold is a guard that ends; from then on anybody may claim the name.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.writes import Action

type Name = Literal["slug", "domain"]


def claim(name: Name, value: str, tenant_id: str, now: datetime) -> Action:
    return _put(name, value, {"tenant_id": tenant_id}, now)


def hold(name: Name, value: str, tenant_id: str, now: datetime, until: datetime) -> Action:
    return _put(name, value, {"tenant_id": tenant_id, "expires_at": int(until.timestamp())}, now)


def release(name: Name, value: str, tenant_id: str) -> Action:
    return writes.release(keys.unique(name, value), tenant_id=tenant_id)


def _put(name: Name, value: str, guard: dict[str, str | int], now: datetime) -> Action:
    return replace(writes.remember(keys.unique(name, value), guard, now), refused=_taken(name))


def _taken(name: Name) -> Rejected:
    if name == "slug":
        return Rejected("slug_taken", "Another tenant has this slug.")
    return Rejected("domain_taken", "Another tenant has this domain.")
