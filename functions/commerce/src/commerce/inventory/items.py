"""Stock as items beside the product, one for each bucket, and the writes that move it.

A write's condition is the rule (stock.py), so that it holds for concurrent writers too. Without `refused` a
condition that fails means that what was read has changed: read again, and choose anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commerce.inventory.decide_allocation import Allocation, Seen
from commerce.inventory.state import MOST_BUCKETS, PART, RETURN, Level, Move
from troupe.domain.decider import Rejected
from troupe.store import keys, reads, writes
from troupe.store.keys import Key
from troupe.store.writes import Action

PREFIX = "STOCK#"
_AFTER = "STOCK#~"  # sorts behind every stock item
_STATE = "STATE"  # sorts right before them, so that one Query has the product and its stock


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """A bucket of a variant at a location. `v` counts its writes."""

    variant_id: str
    location_id: str
    bucket: int
    level: Level
    sellable: bool
    v: int

    @property
    def seen(self) -> Seen:
        return Seen(
            variant_id=self.variant_id,
            location_id=self.location_id,
            bucket=self.bucket,
            available=self.level.available,
            sellable=self.sellable,
        )


@dataclass(frozen=True, slots=True)
class StockKeys:
    """The stock of one product, of one tenant."""

    tenant_id: str
    product_id: str

    def key(self, variant_id: str, location_id: str, bucket: int) -> Key:
        name = f"{PREFIX}{variant_id}#{location_id}#{bucket:02}"
        return keys.part(self.tenant_id, "product", self.product_id, name)

    def buckets(self, variant_id: str, location_id: str, count: int = MOST_BUCKETS) -> list[Key]:
        return [self.key(variant_id, location_id, bucket) for bucket in range(count)]

    def move(self, move: Move, taken: Allocation, refused: Rejected | None = None) -> Action:
        """Reserve, release, consume, recall or return what was allocated."""
        key = self.key(taken.variant_id, taken.location_id, taken.bucket)
        return moving(key, move, taken.quantity, refused)


def item_of(item: Mapping[str, Any]) -> StockItem:
    variant_id, location_id, bucket = item["SK"].removeprefix(PREFIX).split("#")
    numbers = {name: item[name] for name in ("on_hand", "available", "reserved", "safety")}
    return StockItem(
        variant_id=variant_id,
        location_id=location_id,
        bucket=int(bucket),
        level=Level(**numbers),
        sellable=item["sellable"],
        v=item["v"],
    )


def with_product(tenant_id: str, product_id: str) -> tuple[dict[str, Any] | None, tuple[StockItem, ...]]:
    """The product's item and all of its stock, strongly, in one Query."""
    pk = keys.aggregate(tenant_id, "product", product_id)
    found = reads.between(pk, _STATE, _AFTER)
    product = next((item for item in found if item["SK"] == _STATE), None)
    return product, tuple(item_of(item) for item in found if item["SK"].startswith(PREFIX))


def opened(key: Key, level: Level, *, sellable: bool) -> Action:
    """A bucket that was not there."""
    return writes.put(key, {**_numbers(level), "sellable": sellable, "oversold": 0, "v": 1}, absent=True)


def moving(key: Key, move: Move, quantity: int, refused: Rejected | None = None) -> Action:
    """Move so many units, if as many are there; `ValueError` for a quantity that is none."""
    if quantity <= 0:
        raise ValueError("a move is of one unit or more")
    changes = ", ".join(f"{name} :{_sign(by)}" for name, by in move.changes.items())
    conditions = [f"{name} >= :more" for name in move.takes] or ["attribute_exists(PK)"]
    values: dict[str, Any] = {"one": 1, "more": quantity}
    values |= {"less": -quantity} if move.takes else {}
    values |= {"yes": True} if move.sells else {}
    return writes.update(
        key,
        f"ADD {changes}, v :one",
        values,
        condition=" AND ".join([*conditions, *(["sellable = :yes"] if move.sells else [])]),
        refused=refused,
    )


def _sign(by: int) -> str:
    return "more" if by > 0 else "less"


def carried(giver: Key, taker: Key, quantity: int) -> tuple[Action, Action]:
    """From one bucket to another, if there is as much."""
    return moving(giver, PART, quantity), moving(taker, RETURN, quantity)


def counted(key: Key, was: Level, now: Level, *, exactly: bool = False) -> Action:
    """Another count, by its differences, so that orders may go on meanwhile.

    It holds if as much is on hand as was read, and what it takes is still available. `exactly`: if nothing
    was ordered meanwhile either; a count below what is reserved tells how much is oversold.
    """
    changed = {name: number - _numbers(was)[name] for name, number in _numbers(now).items()}
    by = {name: difference for name, difference in changed.items() if difference}
    values: dict[str, Any] = {"seen": was.on_hand}
    conditions = ["on_hand = :seen"]
    if exactly:
        values["before"] = was.available
        conditions.append("available = :before")
    elif by.get("available", 0) < 0:
        values["needed"] = -by["available"]
        conditions.append("available >= :needed")
    condition = " AND ".join(conditions)
    if not by and not exactly:
        return writes.check(key, condition, values)
    adding = ", ".join(f"{name} :{name}" for name in (*by, "v"))
    values |= {**by, "v": 1, "oversold": now.oversold}
    return writes.update(key, f"SET oversold = :oversold ADD {adding}", values, condition=condition)


def offered(keys_of: Iterable[Key], *, sellable: bool) -> tuple[Action, ...]:
    """Put buckets on sale or take them off it, in the transaction that says so of the product."""
    return tuple(
        writes.update(
            key,
            "SET sellable = :sellable ADD v :one",
            {"sellable": sellable, "one": 1},
            condition="attribute_exists(PK)",
        )
        for key in keys_of
    )


def _numbers(level: Level) -> dict[str, int]:
    return {
        "on_hand": level.on_hand,
        "available": level.available,
        "reserved": level.reserved,
        "safety": level.safety,
    }
