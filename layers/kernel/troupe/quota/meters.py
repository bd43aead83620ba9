"""Meters: what a tenant uses in a month, by metric.

A metric whose limit begins anew each month has buckets of its own, which the limit guards. The others share
theirs, so that what was used of any of them is read at once.
"""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from troupe.domain.buckets import spread, taken
from troupe.quota.quota import Exceeded
from troupe.store import keys, reads, writes
from troupe.store.buckets import level
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action, Alternative

BUCKETS = 4
_USED = "used."  # before a metric's name, so that it never is the name of another attribute


def limited(tenant_id: str, period: str, quota: str) -> tuple[Key, ...]:
    """The buckets whose `used` counts a quota in a month, as in `2026-11`."""
    return _buckets(tenant_id, period, quota)


def unlimited(tenant_id: str, period: str) -> tuple[Key, ...]:
    """The buckets that count everything else in a month; `changes` tells one reading from the next."""
    return _buckets(tenant_id, period, "unlimited")


def _buckets(tenant_id: str, period: str, what: str) -> tuple[Key, ...]:
    return tuple(keys.counter(tenant_id, "usage", what, f"{period}#{bucket:02}") for bucket in range(BUCKETS))


def _any(counted: Sequence[Key]) -> Key:
    return counted[random.randrange(len(counted))]  # noqa: S311 -- no secret


def take(at: Snapshot, period: str, quota: str, amount: int, limit: int) -> tuple[Action, ...]:
    """Use some of a month's quota in the command's own transaction, or be refused.

    It rests on what was read of all buckets: one may hold more than its share, after the limit was lowered
    or by uses that are counted above the limit, and then the others must not be filled.
    """
    counted = limited(at.scope.tenant_id, period, quota)
    return _Taking(counted, amount, limit, Exceeded(quota, period)).actions(map(at.item, counted))


def take_of_day(at: Snapshot, day: str, quota: str, limit: int, kept_until: datetime) -> tuple[Action, ...]:
    """Use one of a quota that many use, and that begins anew each day; likewise."""
    counted = limited(at.scope.tenant_id, day, quota)
    taking = _Taking(counted, 1, limit, Exceeded(quota), int(kept_until.timestamp()))
    return taking.actions(map(at.item, counted))


@dataclass(frozen=True, slots=True)
class _Taking(Alternative):
    """Each bucket has its share of the limit, as the limit is now."""

    counted: Sequence[Key]
    amount: int
    limit: int
    refused: Exceeded
    kept_until: int | None = None  # epoch; without it for ever

    def actions(self, items: Iterable[Mapping[str, Any] | None]) -> tuple[Action, ...]:
        shares = spread(self.limit, BUCKETS)
        left = [share - (item or {}).get("used", 0) for share, item in zip(shares, items, strict=True)]
        parts = taken(left, self.amount, random.randrange)
        if not parts:
            raise self.refused
        return tuple(self._take(bucket, part, shares[bucket] - part) for bucket, part in parts)

    @override
    def busy(self) -> tuple[Action, ...]:
        return self.failed()

    @override
    def failed(self) -> tuple[Action, ...]:
        found = reads.batch(self.counted)
        return self.actions(map(found.get, self.counted))

    def _take(self, bucket: int, amount: int, most: int) -> Action:
        ends = {"until": self.kept_until} if self.kept_until else {}
        return writes.update(
            self.counted[bucket],
            "ADD used :amount SET expires_at = :until" if ends else "ADD used :amount",
            {"amount": amount, "most": most, **ends},
            condition="used <= :most OR attribute_not_exists(used)",
            recourse=self,
        )


def count(tenant_id: str, period: str, metric: str, amount: int) -> Action:
    return writes.update(
        _any(unlimited(tenant_id, period)),
        "ADD #used :amount, changes :one",
        {"amount": amount, "one": 1},
        names={"#used": f"{_USED}{metric}"},
    )


def added(counted: Sequence[Key], amount: int) -> Action:
    """Count a use, also above the limit."""
    return writes.update(_any(counted), "ADD used :amount", {"amount": amount})


def used(items: Mapping[Key, Mapping[str, Any]], counted: Sequence[Key]) -> int:
    """How much of a quota was used in a month, by the buckets that were read."""
    return level(items.get(key) for key in counted).used


def as_read(key: Key, item: Mapping[str, Any] | None) -> Action:
    """Hold the transaction to what was read of a bucket."""
    for name in ("changes", "used"):
        if item and name in item:
            return writes.check(key, f"{name} = :seen", {"seen": item[name]})
    return writes.check(key, "attribute_not_exists(PK)", {})


def totals(items: Iterable[Mapping[str, Any] | None]) -> dict[str, int]:
    """What the buckets of the unlimited metrics say, by metric."""
    found = Counter[str]()
    for item in items:
        found.update({name: value for name, value in (item or {}).items() if name.startswith(_USED)})
    return {name.removeprefix(_USED): found[name] for name in sorted(found)}
