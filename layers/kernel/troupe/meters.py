"""Meters: what a tenant uses in a month, by metric, some of it up to a limit that begins anew each month.

One item has all of a tenant's month, so that its totals are read at once. `changes` tells whoever closes the
month that they are no longer what was read.
"""

from collections.abc import Mapping
from typing import Any

from troupe import keys, writes
from troupe.quota import Exceeded
from troupe.writes import Action

_USED = "used."  # before a metric's name, so that it never is the name of another attribute


def month(tenant_id: str, period: str) -> keys.Key:
    """The item of a month, as in `2026-11`."""
    return keys.tally(tenant_id, "usage", period)


def use(tenant_id: str, period: str, metric: str, amount: int, limit: int | None = None) -> Action:
    """Count what was used in a month that is not closed; refused above the limit, if there is one."""
    if limit is not None and amount > limit:
        raise Exceeded(metric, period)
    within = "" if limit is None else " AND (attribute_not_exists(#used) OR #used <= :most)"
    return writes.update(
        month(tenant_id, period),
        "ADD #used :amount, changes :one",
        {"amount": amount, "one": 1, "most": None if limit is None else limit - amount},
        condition=f"attribute_not_exists(closed_at){within}",
        names={"#used": f"{_USED}{metric}"},
        refused=None if limit is None else Exceeded(metric, period),
    )


def close(tenant_id: str, period: str, item: Mapping[str, Any] | None, at: str) -> Action:
    """Take no more usage for a month whose totals are those of the item that was read."""
    seen = {"seen": item["changes"]} if item else {}
    condition = "changes = :seen" if item else "attribute_not_exists(PK)"
    return writes.update(
        month(tenant_id, period), "SET closed_at = :at", {"at": at, **seen}, condition=condition
    )


def totals(item: Mapping[str, Any] | None) -> dict[str, int]:
    """What a month's item says was used, by metric."""
    found = {name: value for name, value in (item or {}).items() if name.startswith(_USED)}
    return {name.removeprefix(_USED): found[name] for name in sorted(found)}
