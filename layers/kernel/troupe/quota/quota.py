"""A quota: a tally that a condition guards. What the tenant is told of it is a stream (quota_watch.py).

The tally holds `used`, `limit` and `available` = limit - used, since a condition has no arithmetic. A lower
limit than what is used makes `available` negative: what is there stays, growth is refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from troupe.domain.decider import Rejected
from troupe.domain.time_zones import month_of
from troupe.quota.warnings import QUOTA, NoteExceeded
from troupe.store import keys, writes
from troupe.store.aggregates import Ref
from troupe.store.scope import Scope
from troupe.store.transact import execute
from troupe.store.writes import Action


class Exceeded(Rejected):
    """The hard limit of a quota would be passed; `period` is the month of one that begins anew each month."""

    def __init__(self, quota: str, period: str | None = None) -> None:
        super().__init__("quota_exceeded", f"The plan's limit of {quota} is reached.")
        self.quota = quota
        self.period = period


def counter(tenant_id: str, quota: str) -> keys.Key:
    return keys.counter(tenant_id, "quota", quota)


def opened(tenant_id: str, quota: str, limit: int, used: int = 0) -> Action:
    """The tally of a new tenant, with what the same transaction uses of it."""
    values = {"used": used, "limit": limit, "available": limit - used}
    return writes.put(counter(tenant_id, quota), values, absent=True)


def take(tenant_id: str, quota: str, amount: int = 1) -> Action:
    """Use some of a quota in the command's own transaction, or be refused."""
    return writes.update(
        counter(tenant_id, quota),
        "ADD used :taken, available :left",
        {"taken": amount, "left": -amount},
        condition="available >= :taken",
        refused=Exceeded(quota),
    )


def room(tenant_id: str, quota: str, amount: int = 1) -> Action:
    """Refuse what could not be used later; nothing is used yet."""
    return writes.check(
        counter(tenant_id, quota), "available >= :wanted", {"wanted": amount}, refused=Exceeded(quota)
    )


def take_today(tenant_id: str, quota: str, day: date) -> Action:
    """Use one of what begins anew each day (UTC), in the command's own transaction, or be refused.

    Each day has an attribute of its own in the counter, since a condition can compare two attributes.
    """
    names = {"#limit": "limit", "#today": _on(day), "#yesterday": _on(day - timedelta(days=1))}
    return writes.update(
        counter(tenant_id, quota),
        "ADD #today :one REMOVE #yesterday",
        {"one": 1},
        condition="#limit >= :one AND (attribute_not_exists(#today) OR #today < #limit)",
        names=names,
        refused=Exceeded(quota),
    )


def used_on(counted: Mapping[str, Any], day: date) -> int:
    """How much of it was used on a day."""
    used: int = counted.get(_on(day), 0)
    return used


def _on(day: date) -> str:
    return f"on_{day:%Y%m%d}"


def give_back(tenant_id: str, quota: str, amount: int = 1) -> Action:
    values = {"given": amount, "left": -amount}
    return writes.update(counter(tenant_id, quota), "ADD used :left, available :given", values)


def relimit(tenant_id: str, quota: str, was: int, limit: int) -> Action:
    """Set another limit; a lower one than is used is accepted and stops growth."""
    return writes.update(
        counter(tenant_id, quota),
        "SET #limit = :limit ADD available :more",
        {"limit": limit, "more": limit - was, "was": was},
        condition="#limit = :was",
        names={"#limit": "limit"},
    )


def note(scope: Scope, exceeded: Exceeded, zone: str) -> None:
    """After the refusal, in a transaction of its own: say so, once a period."""
    period = exceeded.period or month_of(scope.context.now, zone)
    told = NoteExceeded(quota=exceeded.quota, period=period)
    bare = replace(scope, idempotency=None, if_match=None)
    execute(bare, Ref(decider=QUOTA, id=exceeded.quota, creates=True), told)
