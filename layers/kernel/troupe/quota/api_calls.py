"""API calls a month: counted from the access logs, and refused by a flag in the tenant's standing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from troupe.domain.buckets import UNLIMITED
from troupe.domain.time_zones import month_of
from troupe.quota import meters
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.writes import Action

QUOTA = "api_calls"
LIMIT = "api_calls"  # among the limits in the standing; without it there is none
USED_UP: Final = "api_calls_used_up"


def counter(tenant_id: str, month: str) -> tuple[Key, ...]:
    """The buckets whose `used` is the number of calls in a month of the tenant's zone."""
    return meters.limited(tenant_id, month, QUOTA)


def counted(tenant_id: str, month: str, calls: int) -> Action:
    return meters.added(counter(tenant_id, month), calls)


def limit(standing: Mapping[str, Any]) -> int:
    found: int = standing.get("limits", {}).get(LIMIT, UNLIMITED)
    return found


def refused(tenant_id: str, month: str, at_limit: int) -> Action:
    """Have calls refused until the month ends or the limit is raised above this one."""
    return writes.update(
        keys.standing(tenant_id),
        "SET refused = :refused, refused_limit = :limit",
        {"refused": f"{USED_UP}:{month}", "limit": at_limit},
        condition="attribute_exists(PK)",
    )


def used_up(standing: Mapping[str, Any], now: datetime) -> bool:
    """Whether the tenant's calls are refused now."""
    month = month_of(now, standing.get("zone", "UTC"))
    flagged = standing.get("refused") == f"{USED_UP}:{month}"
    return flagged and limit(standing) <= standing["refused_limit"]
