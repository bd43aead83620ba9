"""A quota: a tally that a condition guards. What the tenant is told of it is a stream (quota_watch.py).

The tally holds `used`, `limit` and `available` = limit - used, since a condition has no arithmetic. A lower
limit than what is used makes `available` negative: what is there stays, growth is refused.
"""

from dataclasses import replace

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


def tally(tenant_id: str, quota: str) -> keys.Key:
    return keys.tally(tenant_id, "quota", quota)


def opened(tenant_id: str, quota: str, limit: int, used: int = 0) -> Action:
    """The tally of a new tenant, with what the same transaction uses of it."""
    values = {"used": used, "limit": limit, "available": limit - used}
    return writes.put(tally(tenant_id, quota), values, absent=True)


def take(tenant_id: str, quota: str, amount: int = 1) -> Action:
    """Use some of a quota in the command's own transaction, or be refused."""
    return writes.update(
        tally(tenant_id, quota),
        "ADD used :taken, available :left",
        {"taken": amount, "left": -amount},
        condition="available >= :taken",
        refused=Exceeded(quota),
    )


def give_back(tenant_id: str, quota: str, amount: int = 1) -> Action:
    values = {"given": amount, "left": -amount}
    return writes.update(tally(tenant_id, quota), "ADD used :left, available :given", values)


def relimit(tenant_id: str, quota: str, was: int, limit: int) -> Action:
    """Set another limit; a lower one than is used is accepted and stops growth."""
    return writes.update(
        tally(tenant_id, quota),
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
