"""What may be asked of a supplier's part of an order."""

from dataclasses import dataclass

from commerce.supplier_order.decide_refund import RefundCommand
from commerce.supplier_order.events import Part
from commerce.supplier_order.lines import Reservation
from commerce.supplier_order.payout_commands import PayoutCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSupplierOrder:
    order_id: str
    supplier_id: str
    customer_id: str
    country: str
    currency: str
    lines: tuple[Part, ...]
    shipping_cents: int
    commission_basis_points: int
    return_window_days: int = 14
    payout_hold_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSupplierOrder:
    """The order is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSupplierOrder:
    """Give back what is held; the order was not paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateSupplierOrder:
    taken: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSelection:
    """A line, or so many of it; without a quantity all that it can be asked of."""

    line_id: str
    quantity: int | None = None


# With `lines` empty each is of all the lines that it can be asked of.


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptLines:
    """The supplier will send them."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectLines:
    """What the supplier does not send goes back to its stock, accepted or not, as long as it has not left."""

    lines: tuple[LineSelection, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectUnanswered:
    """The supplier has not answered in time: what it has not accepted is rejected, of these lines."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLines:
    """What has not left yet is not wanted any more."""

    lines: tuple[LineSelection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipLines:
    """What has left is in the stock no more. A parcel of one tracking number leaves once."""

    carrier: str
    tracking_number: str | None = None
    lines: tuple[LineSelection, ...] = ()
    location_id: str | None = None  # only what is there


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallShipment:
    """What was sent is called back before it arrived: it lies where it lay, still ordered, and packed."""

    shipment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLines:
    """The customer has it, and may send it back for as long as the shop has settled."""

    lines: tuple[LineSelection, ...] = ()
    shipment_id: str | None = None  # only what came with it


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReturn:
    """The customer sends back what arrived, to the supplier whose it was."""

    lines: tuple[LineSelection, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReturn:
    """The supplier has it back: all that was to come, or what did."""

    return_id: str
    lines: tuple[LineSelection, ...] = ()
    restock: bool = False  # what came back is fit for sale


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReturn:
    """The supplier takes nothing of it back; the customer sees why, and may ask again within the window."""

    return_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteLines:
    """What can not be sent back any more."""


type Sending = (
    AcceptLines | RejectLines | RejectUnanswered | CancelLines | ShipLines | RecallShipment | DeliverLines
)
type Returning = RequestReturn | ApproveReturn | DeclineReturn | CompleteLines
type Moving = Sending | Returning
type Paying = ConfirmSupplierOrder | ReleaseSupplierOrder | ReinstateSupplierOrder
type Command = Paying | Moving | RefundCommand | PayoutCommand
