"""A quota: a sum that a condition guards. What the tenant is told of it is a stream (quota_watch.py).

A lower limit than what is used makes `available` negative: what is there stays, growth is refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from troupe.domain.decider import Rejected
from troupe.domain.time_zones import month_of
from troupe.quota.warnings import QUOTA, NoteExceeded
from troupe.store import buckets, keys
from troupe.store.aggregates import Ref
from troupe.store.buckets import BUCKETS, Level, Sum
from troupe.store.scope import Scope
from troupe.store.transact import execute
from troupe.store.writes import Action


class Exceeded(Rejected):
    """The hard limit of a quota would be passed; `period` is the month of one that begins anew each month."""

    def __init__(self, quota: str, period: str | None = None) -> None:
        super().__init__("quota_exceeded", f"The plan's limit of {quota} is reached.")
        self.quota = quota
        self.period = period


_MANY_AT_ONCE = {
    "users",
    "storage_bytes",
}  # people sign up and send files by themselves; staff makes the rest


def _sum(tenant_id: str, quota: str) -> Sum:
    return Sum(keys.counter(tenant_id, "quota", quota), BUCKETS if quota in _MANY_AT_ONCE else 1)


def wanted(tenant_id: str, quota: str) -> tuple[keys.Key, ...]:
    """The items that tell how much is used."""
    return _sum(tenant_id, quota).keys


def level(items: Mapping[keys.Key, Mapping[str, Any]], tenant_id: str, quota: str) -> Level:
    """How much is used and available, by the items that were read."""
    return buckets.level(items.get(key) for key in wanted(tenant_id, quota))


def opened(tenant_id: str, quota: str, limit: int, used: int = 0) -> tuple[Action, ...]:
    """The quota of a new tenant, with what the same transaction uses of it."""
    return _sum(tenant_id, quota).opened(limit, used)


def take(tenant_id: str, quota: str, amount: int = 1) -> Action:
    """Use some of a quota in the command's own transaction, or be refused."""
    return _sum(tenant_id, quota).take(amount, Exceeded(quota))


def room(tenant_id: str, quota: str, amount: int = 1) -> Action:
    """Refuse what could not be used later; nothing is used yet."""
    return _sum(tenant_id, quota).room(amount, Exceeded(quota))


def give_back(tenant_id: str, quota: str, amount: int = 1, refused: Rejected | None = None) -> Action:
    """`refused` where less is used than that, which else is not looked at."""
    return _sum(tenant_id, quota).give_back(amount, refused)


def relimit(tenant_id: str, quota: str, was: int, limit: int) -> tuple[Action, ...]:
    """Set another limit; a lower one than is used is accepted and stops growth."""
    return _sum(tenant_id, quota).relimit(was, limit)


def note(scope: Scope, exceeded: Exceeded, zone: str) -> None:
    """After the refusal, in a transaction of its own: say so, once a period."""
    period = exceeded.period or month_of(scope.context.now, zone)
    told = NoteExceeded(quota=exceeded.quota, period=period)
    bare = replace(scope, idempotency=None, if_match=None)
    execute(bare, Ref(decider=QUOTA, id=exceeded.quota, creates=True), told)
