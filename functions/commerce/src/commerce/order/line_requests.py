"""What suppliers and customers send of an order's lines."""

from collections.abc import Hashable, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from commerce.supplier_order.commands import LineSelection
from troupe.domain import limits
from troupe.edge import fields

MOST_LINES = 200  # an event with their snapshots has to fit the bus


MOST_UNITS = 10_000


LineId = Annotated[str, limits.Text(min_length=1, max_length=40)]
Carrier = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=60)]
TrackingNumber = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=100)]


def _once[T: Sequence[Hashable]](names: T) -> T:
    if len(set(names)) < len(names):
        raise ValueError("a line is named once")
    return names


class LineQuantityBody(fields.Form):
    """So many of a line; without a quantity all that there are."""

    line_id: LineId
    quantity: Annotated[int, Field(ge=1, le=MOST_UNITS)] | None = None

    def value(self) -> LineSelection:
        return LineSelection(line_id=self.line_id, quantity=self.quantity)


def _lines_once(lines: tuple[LineQuantityBody, ...]) -> tuple[LineQuantityBody, ...]:
    _once([each.line_id for each in lines])
    return lines


LineIds = Annotated[tuple[LineId, ...], Field(max_length=MOST_LINES), AfterValidator(_once)]
Lines = Annotated[tuple[LineQuantityBody, ...], Field(max_length=MOST_LINES), AfterValidator(_lines_once)]
SomeLines = Annotated[Lines, Field(min_length=1)]


class PartBody(fields.Body):
    """`supplier_id`: in whose name, by who oversees orders; a supplier speaks for itself."""

    supplier_id: fields.Id | None = None


class AcceptBody(PartBody):
    """Without lines all that wait for an answer."""

    lines: LineIds = ()


class RejectBody(PartBody):
    lines: SomeLines
    reason: fields.Reason | None = None


class ShipBody(PartBody):
    """Without lines all that are accepted and have not left; with a location only what lies there."""

    lines: Lines = ()
    carrier: Carrier
    tracking_number: TrackingNumber | None = None
    location_id: fields.Id | None = None


class RecallBody(PartBody):
    """Nothing but in whose name."""


class DeliverBody(PartBody):
    """Without lines all that is on its way; with a shipment only what came with it."""

    lines: Lines = ()
    shipment_id: fields.Id | None = None


class ReturnBody(fields.Body):
    """`supplier_id`: to whom it goes back."""

    supplier_id: fields.Id
    lines: SomeLines
    reason: fields.Reason | None = None


class ApproveBody(PartBody):
    """Without lines all that was to come back. `restock`: it is fit for sale, and goes back to the stock."""

    lines: Lines = ()
    restock: bool = False


class DeclineBody(PartBody):
    """`reason`: what the customer is told."""

    reason: fields.Reason
