"""Stock: what lies in one bucket of a variant at a location, and every way it may move. All of it pure.

In each bucket on_hand = available + reserved + safety, and each way to move it keeps that. The condition of a
move is that nothing which goes down goes below zero; DynamoDB checks it in the write itself (stock_items.py),
so no order can take what another took a moment ago.

A count below what is reserved (SetInventory, by force) is the one thing that makes `available` negative: that
much is oversold, and what is released or comes in makes it good first. Negative safety is what may be sold
before it is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from troupe.domain.money import split

MOST_BUCKETS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What one bucket holds, or all buckets of a variant together."""

    on_hand: int = 0
    available: int = 0
    reserved: int = 0
    safety: int = 0

    def __add__(self, other: "Level") -> "Level":
        return Level(
            on_hand=self.on_hand + other.on_hand,
            available=self.available + other.available,
            reserved=self.reserved + other.reserved,
            safety=self.safety + other.safety,
        )

    @property
    def oversold(self) -> int:
        return max(0, -self.available)

    @property
    def balanced(self) -> bool:
        return self.on_hand == self.available + self.reserved + self.safety


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one unit's move adds to each number. `sells`: only what is on sale is moved so."""

    on_hand: int = 0
    available: int = 0
    reserved: int = 0
    sells: bool = False

    @property
    def changes(self) -> dict[str, int]:
        every = {"on_hand": self.on_hand, "available": self.available, "reserved": self.reserved}
        return {name: by for name, by in every.items() if by}

    @property
    def takes(self) -> tuple[str, ...]:
        """What has to be there as often as is moved."""
        return tuple(name for name, by in self.changes.items() if by < 0)


RESERVE = Move(available=-1, reserved=1, sells=True)  # an order is placed
RELEASE = Move(available=1, reserved=-1)  # it expires, or is cancelled before it was shipped
CONSUME = Move(on_hand=-1, reserved=-1)  # it is shipped
RECALL = Move(on_hand=1, reserved=1)  # the shipment is called off: still ordered, and here again
RETURN = Move(on_hand=1, available=1)  # a customer sent it back, fit for sale
PART = Move(on_hand=-1, available=-1)  # it goes to another bucket, where it is a RETURN

MOVES = (RESERVE, RELEASE, CONSUME, RECALL, RETURN, PART)


def moved(level: Level, move: Move, quantity: int, *, sellable: bool = True) -> Level | None:
    """The bucket after the move, or None where its condition does not hold."""
    if move.sells and not sellable:
        return None
    if any(getattr(level, name) < quantity for name in move.takes):
        return None
    return replace(level, **{name: getattr(level, name) + by * quantity for name, by in move.changes.items()})


def total(levels: Sequence[Level]) -> Level:
    return sum(levels, Level())


def spread(levels: Sequence[Level], on_hand: int, safety: int) -> tuple[Level, ...]:
    """The buckets when so much is on hand: what is reserved stays where it is, the rest is shared evenly.

    Safety gives way to what is reserved. When less is on hand than is reserved, the total's `available` is
    negative; each bucket then holds its part of what there is.
    """
    reserved = [level.reserved for level in levels]
    free = on_hand - sum(reserved)
    kept = min(safety, max(0, free)) if safety > 0 else safety
    if free < 0 <= safety:
        held = split(on_hand, reserved)
        return tuple(
            Level(on_hand=each, available=each - taken, reserved=taken)
            for each, taken in zip(held, reserved, strict=True)
        )
    even = [1] * len(levels)
    shares = zip(split(free - kept, even), reserved, split(kept, even), strict=True)
    return tuple(
        Level(on_hand=available + taken + aside, available=available, reserved=taken, safety=aside)
        for available, taken, aside in shares
    )
