"""Metering: which month a use counts in, what of a quota it takes, and what a month came to."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from identity.plans import MONTHLY, STANDING
from identity.usage.period_decider import USAGE_PERIOD, ClosedPeriod, Command, Event, OpenPeriod, State
from troupe.domain.decider import Invalid, Rejected
from troupe.domain.time_zones import month_of, next_month
from troupe.quota import meters, quota
from troupe.store import copies, keys, writes
from troupe.store.aggregates import Ref
from troupe.store.keys import Key
from troupe.store.transact import Snapshot, Unknown
from troupe.store.writes import Action

STORED = "storage_bytes"  # the one quota of what is there that is told rather than counted; it may shrink
MOST_METRICS = 100  # in a month
_FIRST, _LAST = "Pacific/Kiritimati", "Etc/GMT+12"  # whose calendars are ahead of all others, and behind


def period(month: str) -> Ref[State, Command, Event]:
    return Ref(decider=USAGE_PERIOD, id=month)


def months(*instants: datetime) -> Iterator[str]:
    """The months that an instant may be in, somewhere on earth, and the one after."""
    found = {month_of(instant, zone) for instant in instants for zone in (_FIRST, _LAST)}
    yield from sorted(found | {next_month(max(found))})


def published(at: Snapshot) -> Mapping[str, Any]:
    """What the tenant publishes of itself, or `Unknown`."""
    found = at.item(keys.standing(at.scope.tenant_id))
    if found is None:
        raise Unknown(at.scope.tenant_id)
    return found


def counts_in(at: Snapshot, occurred_at: datetime) -> str:
    """The month that a use counts in: its own while that is open, else the one that is open now."""
    zone = published(at)["zone"]
    own, current = month_of(occurred_at, zone), month_of(at.scope.context.now, zone)
    if own != current and isinstance(at.find(period(own)).state, OpenPeriod):
        return own
    while isinstance(at.find(period(current)).state, ClosedPeriod):
        current = next_month(current)
    return current


def still_open(at: Snapshot, month: str) -> Action:
    """Hold the transaction to the month's not being closed since it was read."""
    if at.find(period(month)).version:
        return at.unchanged(period(month))
    return copies.check(period(month).key(at.scope.tenant_id), writes.ABSENT, {})


def buckets(tenant_id: str, month: str, metric: str) -> tuple[Key, ...]:
    """What `taken` rests on."""
    if metric in MONTHLY:
        return meters.limited(tenant_id, month, metric)
    return meters.unlimited(tenant_id, month)


def taken(at: Snapshot, month: str, metric: str, amount: int) -> Iterator[Action]:
    """What a use takes of a quota and adds to its month."""
    tenant_id = at.scope.tenant_id
    if metric in MONTHLY:
        yield from meters.take(at, month, metric, amount, published(at)["limits"][metric])
        return
    if metric == STORED:
        yield _stored(tenant_id, amount)
    totals = meters.totals(map(at.item, meters.unlimited(tenant_id, month)))
    if metric not in totals and len(totals) >= MOST_METRICS:
        raise Rejected("too_many_metrics", f"A month has at most {MOST_METRICS} metrics.")
    yield meters.count(tenant_id, month, metric, amount)


def check(metric: str, amount: int) -> None:
    """Refuse what is not told by hand, and what cannot shrink."""
    if metric in STANDING and metric != STORED:
        raise Invalid("metric_not_recordable", "What is there of this is counted already.", "metric")
    if amount < 1 and (metric != STORED or not amount):
        raise Invalid("amount_not_positive", "Only what is stored can become less.", "amount")


def _stored(tenant_id: str, amount: int) -> Action:
    if amount > 0:
        return quota.take(tenant_id, STORED, amount)
    less = Rejected("negative_amount", "Less is stored than that.")
    return quota.give_back(tenant_id, STORED, -amount, less)


def counted(tenant_id: str, month: str) -> tuple[Key, ...]:
    """The items that a month's totals are read from."""
    limited = (key for name in MONTHLY for key in meters.limited(tenant_id, month, name))
    return (*meters.unlimited(tenant_id, month), *limited)


def totals(tenant_id: str, month: str, items: Mapping[Key, Mapping[str, Any]]) -> dict[str, int]:
    """What a month came to, by metric."""
    limited = {name: meters.used(items, meters.limited(tenant_id, month, name)) for name in MONTHLY}
    used = {name: amount for name, amount in limited.items() if amount}
    return dict(sorted((used | meters.totals(map(items.get, meters.unlimited(tenant_id, month)))).items()))
