"""What is shown of a supplier's part of an order: how far its lines are, what was sent, what comes back."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from commerce.order.state import Order
from commerce.order.values import DetailStatus, Status
from commerce.supplier_order.lines import LineQuantity, LineState
from commerce.supplier_order.state import Return, Shipment, SupplierLine, SupplierOrder
from troupe.edge.endpoint import Version
from troupe.store.aggregates import Stored


class LineQuantityView(BaseModel, frozen=True):
    line_id: str
    quantity: int


class Progress(BaseModel, frozen=True):
    """The progress of a line: the status of its least advanced unit, and the quantities in each status."""

    state: LineState
    rejected_quantity: int
    cancelled_quantity: int
    shipped_quantity: int
    delivered_quantity: int
    returned_quantity: int
    return_until: datetime | None


class LineView(Progress, frozen=True):
    id: str
    quantity: int


class ShipmentView(BaseModel, frozen=True):
    id: str
    supplier_id: str
    carrier: str
    tracking_number: str | None
    lines: list[LineQuantityView]
    shipped_at: datetime
    delivered_at: datetime | None
    recalled_at: datetime | None


class ReturnView(BaseModel, frozen=True):
    id: str
    supplier_id: str
    lines: list[LineQuantityView]
    reason: str | None
    requested_at: datetime
    approved: list[LineQuantityView]
    approved_at: datetime | None
    declined_at: datetime | None
    decline_reason: str | None


class Fulfilment(Version, frozen=True):
    """A supplier's part of an order; the statuses are the whole order's."""

    order_id: str
    supplier_id: str
    status: Status
    detail_status: DetailStatus
    lines: list[LineView]
    shipments: list[ShipmentView]
    returns: list[ReturnView]
    delivered_at: datetime | None


def to_response(found: Stored[Any], part: SupplierOrder, order: Order) -> Fulfilment:
    return Fulfilment(
        id=found.id,
        version=found.version,
        order_id=part.order_id,
        supplier_id=part.supplier_id,
        status=order.status,
        detail_status=order.detail_status,
        lines=[LineView(id=line.id, quantity=line.quantity, **progress(line)) for line in part.lines],
        shipments=shipments(part),
        returns=returns(part),
        delivered_at=part.delivered_at,
    )


def progress(line: SupplierLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in Progress.model_fields}


def shipments(part: SupplierOrder) -> list[ShipmentView]:
    return [_shipment(each, part.supplier_id) for each in part.shipments]


def _shipment(shipment: Shipment, supplier_id: str) -> ShipmentView:
    return ShipmentView(
        id=shipment.id,
        supplier_id=supplier_id,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        lines=_units(shipment.lines),
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
        recalled_at=shipment.recalled_at,
    )


def returns(part: SupplierOrder) -> list[ReturnView]:
    return [_return(each, part.supplier_id) for each in part.returns]


def _return(asked: Return, supplier_id: str) -> ReturnView:
    return ReturnView(
        id=asked.id,
        supplier_id=supplier_id,
        lines=_units(asked.lines),
        reason=asked.reason,
        requested_at=asked.requested_at,
        approved=_units(asked.approved),
        approved_at=asked.approved_at,
        declined_at=asked.declined_at,
        decline_reason=asked.decline_reason,
    )


def _units(units: Iterable[LineQuantity]) -> list[LineQuantityView]:
    return [LineQuantityView(**asdict(each)) for each in units]
