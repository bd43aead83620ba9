"""Meters: what a tenant uses in a month, by metric.

A metric whose limit begins anew each month has an item of its own, which the limit guards. The others share
one item, so that what was used of any of them is read at once.
"""

from collections.abc import Mapping
from typing import Any

from troupe.quota.quota import Exceeded
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.writes import Action

_USED = "used."  # before a metric's name, so that it never is the name of another attribute


def limited(tenant_id: str, period: str, quota: str) -> Key:
    """The item whose `used` counts a quota in a month, as in `2026-11`."""
    return keys.tally(tenant_id, "usage", quota, period)


def unlimited(tenant_id: str, period: str) -> Key:
    """The item that counts everything else in a month; `changes` tells one reading from the next."""
    return keys.tally(tenant_id, "usage", "unlimited", period)


def take(tenant_id: str, period: str, quota: str, amount: int, limit: int) -> Action:
    """Use some of a month's quota in the command's own transaction, or be refused."""
    if amount > limit:
        raise Exceeded(quota, period)
    return writes.update(
        limited(tenant_id, period, quota),
        "ADD used :amount",
        {"amount": amount, "most": limit - amount},
        condition="attribute_not_exists(used) OR used <= :most",
        refused=Exceeded(quota, period),
    )


def count(tenant_id: str, period: str, metric: str, amount: int) -> Action:
    return writes.update(
        unlimited(tenant_id, period),
        "ADD #used :amount, changes :one",
        {"amount": amount, "one": 1},
        names={"#used": f"{_USED}{metric}"},
    )


def as_read(key: Key, item: Mapping[str, Any] | None) -> Action:
    """Hold the transaction to what was read of either item."""
    for name in ("changes", "used"):
        if item and name in item:
            return writes.check(key, f"{name} = :seen", {"seen": item[name]})
    return writes.check(key, "attribute_not_exists(PK)", {})


def totals(item: Mapping[str, Any] | None) -> dict[str, int]:
    """What the item of the unlimited metrics says, by metric."""
    found = {name: value for name, value in (item or {}).items() if name.startswith(_USED)}
    return {name.removeprefix(_USED): found[name] for name in sorted(found)}
