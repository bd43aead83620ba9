"""The words of a supplier's part of an order: the states of a line and their legal moves, and its units."""

from dataclasses import dataclass
from typing import Literal

from troupe.domain.lifecycle import Transitions

type LineState = Literal[
    "reserved", "accepted", "packed", "shipped", "delivered", "completed", "rejected", "cancelled", "returned"
]
type LineHold = Literal["held", "released", "consumed"]

RANK: tuple[LineState, ...] = ("reserved", "accepted", "packed", "shipped", "delivered", "completed")
UNSENT: frozenset[LineState] = frozenset({"reserved", "accepted", "packed"})  # some of it has not left yet


def _to(*states: LineState) -> frozenset[LineState]:
    return frozenset(states)


# A line has the status of its least advanced unit. So a line with some units delivered is still `accepted`
# while the other units wait, and becomes `delivered` or `returned` when the other units are rejected.
LINES = Transitions[LineState](
    {
        "reserved": _to("accepted", "rejected", "cancelled"),
        "accepted": _to("packed", "shipped", "delivered", "rejected", "cancelled", "returned"),
        "packed": _to("shipped", "delivered", "rejected", "cancelled", "returned"),
        "shipped": _to("packed", "delivered"),  # packed: the shipment is called off
        "delivered": _to("completed", "returned"),
        "completed": _to(),
        "rejected": _to(),
        "cancelled": _to("reserved"),  # money that came late
        "returned": _to(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAllocation:
    """So many units from one bucket, to which they are given back. `held`: how many still are."""

    location_id: str
    bucket: int
    quantity: int
    held: int
    chunk: int = 0  # of an order that is reserved in several transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Where a line's units come from now."""

    line_id: str
    allocations: tuple[LineAllocation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineQuantity:
    """So many of a line."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """So many of a line that leave a bucket, or come back to it."""

    line_id: str
    location_id: str
    bucket: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """So many of a line that came with a shipment."""

    shipment_id: str
    line_id: str
    quantity: int
