"""API calls a minute: counted from the access logs, and refused for a while by the tenant's standing."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from troupe.domain.buckets import UNLIMITED
from troupe.store import keys, writes
from troupe.store.buckets import level
from troupe.store.keys import Key
from troupe.store.writes import Action

LIMIT = "calls_per_minute"  # in the standing; without it there is none
UNTIL = "throttled_until"  # in the standing, in seconds (epoch)
MINUTE = timedelta(minutes=1)
LOOKED_AT = timedelta(minutes=3)  # what is told later than that throttles nobody
KEPT = timedelta(hours=1)
BUCKETS = 4


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def counter(tenant_id: str, minute: datetime) -> tuple[Key, ...]:
    """The buckets whose `used` is the number of calls in a minute."""
    name = minute.astimezone(UTC).strftime("%Y%m%dT%H%M")
    return tuple(keys.counter(tenant_id, "rate", name, f"{bucket:02}") for bucket in range(BUCKETS))


def counted(tenant_id: str, minute: datetime, calls: int) -> Action:
    bucket = random.randrange(BUCKETS)  # noqa: S311 -- no secret
    return writes.update(
        counter(tenant_id, minute)[bucket],
        "ADD used :calls SET expires_at = :until",
        {"calls": calls, "until": int((minute + KEPT).timestamp())},
    )


def used(items: Mapping[Key, Mapping[str, Any]], tenant_id: str, minute: datetime) -> int:
    return level(items.get(key) for key in counter(tenant_id, minute)).used


def limit(standing: Mapping[str, Any]) -> int:
    found: int = standing.get(LIMIT, UNLIMITED)
    return found


def throttle(tenant_id: str, now: datetime) -> Action:
    """Have calls refused until the present minute ends."""
    until = int((minute_of(now) + MINUTE).timestamp())
    condition = "attribute_exists(PK)"
    return writes.update(
        keys.standing(tenant_id), f"SET {UNTIL} = :until", {"until": until}, condition=condition
    )


def throttled_until(standing: Mapping[str, Any], now: datetime) -> int | None:
    """Until when the tenant's calls are refused, if they are now."""
    until: int = standing.get(UNTIL, 0)
    return until if until > now.timestamp() else None
