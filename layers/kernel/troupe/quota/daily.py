"""A quota that begins anew each day (UTC): one item with the limit, and what each day used of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from troupe.quota.quota import Exceeded
from troupe.store import keys, writes
from troupe.store.writes import Action

_LIMIT = {"#limit": "limit"}


def counter(tenant_id: str, quota: str) -> keys.Key:
    return keys.counter(tenant_id, "quota", quota)


def opened(tenant_id: str, quota: str, limit: int) -> Action:
    """The quota of a new tenant."""
    return writes.put(counter(tenant_id, quota), {"limit": limit}, absent=True)


def relimit(tenant_id: str, quota: str, limit: int) -> Action:
    """Set another limit, from the next use on."""
    return writes.update(counter(tenant_id, quota), "SET #limit = :limit", {"limit": limit}, names=_LIMIT)


def take(tenant_id: str, quota: str, day: date) -> Action:
    """Use one of it in the command's own transaction, or be refused.

    Each day has an attribute of its own in the item, since a condition can compare two attributes.
    """
    return writes.update(
        counter(tenant_id, quota),
        "ADD #today :one REMOVE #yesterday",
        {"one": 1},
        condition="#limit >= :one AND (attribute_not_exists(#today) OR #today < #limit)",
        names={**_LIMIT, "#today": _on(day), "#yesterday": _on(day - timedelta(days=1))},
        refused=Exceeded(quota),
    )


def used_on(counted: Mapping[str, Any], day: date) -> int:
    """How much of it was used on a day."""
    used: int = counted.get(_on(day), 0)
    return used


def _on(day: date) -> str:
    return f"on_{day:%Y%m%d}"
