"""What may be asked of a supplier's part of an order."""

from dataclasses import dataclass

from commerce.supplier_order.decide_refund import RefundCommand
from commerce.supplier_order.events import Part
from commerce.supplier_order.lines import Taken
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
class ReviveSupplierOrder:
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A line, or so many of it; without a quantity all that it can be asked of."""

    line_id: str
    quantity: int | None = None


# With `lines` empty each is of all the lines that it can be asked of.


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptLines:
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectLines:
    lines: tuple[Pick, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectUnanswered:
    """The supplier has not answered in time: what it has not accepted is rejected, of these lines."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLines:
    """What has not left yet is not wanted any more."""

    lines: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipLines:
    """`location_id`: only what is there."""

    carrier: str
    tracking_number: str | None = None
    lines: tuple[Pick, ...] = ()
    location_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallShipment:
    shipment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLines:
    """`shipment_id`: only what came with it."""

    lines: tuple[Pick, ...] = ()
    shipment_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReturn:
    lines: tuple[Pick, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReturn:
    """`restock`: what came back is fit for sale."""

    return_id: str
    lines: tuple[Pick, ...] = ()
    restock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReturn:
    """Nothing of it is taken back: it never came, say."""

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
type Paying = ConfirmSupplierOrder | ReleaseSupplierOrder | ReviveSupplierOrder
type Command = Paying | Moving | RefundCommand | PayoutCommand
