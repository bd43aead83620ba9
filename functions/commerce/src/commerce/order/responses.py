"""What is shown of an order."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from commerce.order.line_responses import Progress, ReturnView, ShipmentView, progress, returns, shipments
from commerce.order.state import Order
from commerce.order.values import DetailStatus, Line, Status
from commerce.supplier_order.refund import Refund, RefundStatus
from commerce.supplier_order.state import SupplierLine, SupplierOrder
from troupe.store.aggregates import Stored


class Totals(BaseModel, frozen=True):
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    shipping_cents: int
    total_cents: int
    currency: str


class Amount(BaseModel, frozen=True):
    amount_cents: int
    currency: str


class OrderRow(BaseModel, frozen=True):
    """An order in a list. `title` and `image_url` are those of its first product."""

    id: str
    status: Status
    detail_status: DetailStatus
    payment_status: str
    total: Amount
    refunded_cents: int
    title: str
    image_url: str | None
    line_count: int
    units: int
    created_at: datetime
    updated_at: datetime


class CustomerView(BaseModel, frozen=True):
    id: str
    display_name: str


class AddressView(BaseModel, frozen=True):
    name: str
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str
    country: str
    phone: str | None


class ProductSnapshot(BaseModel, frozen=True):
    """The product as it was when it was bought."""

    product_id: str
    variant_id: str
    sku: str
    name: str
    category: str
    brand: str | None
    attributes: dict[str, str]
    image_url: str | None
    original_price_cents: int
    currency: str
    snapshot_at: datetime


class FoundBy(BaseModel, frozen=True):
    promotion_id: str | None
    community_id: str | None
    utm: dict[str, str]


class OrderItem(Progress, frozen=True):
    id: str
    supplier_id: str
    quantity: int
    unit_price_cents: int
    unit_discount_cents: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    total_cents: int
    product_snapshot: ProductSnapshot
    attribution: FoundBy


class PaymentView(BaseModel, frozen=True):
    status: str
    attempt: int
    payment_intent_id: str | None
    captured_cents: int
    refunded_cents: int
    code: str | None
    decline_code: str | None


class MomentView(BaseModel, frozen=True):
    what: str
    at: datetime


class RefundedLineView(BaseModel, frozen=True):
    line_id: str
    quantity: int
    amount_cents: int


class RefundView(BaseModel, frozen=True):
    """What goes back, or has gone. `code`: why it failed."""

    id: str
    status: RefundStatus
    amount_cents: int
    lines: list[RefundedLineView]
    shipping_cents: int
    reason: str | None
    code: str | None
    requested_at: datetime


class OrderView(BaseModel, frozen=True):
    """An order with its lines as they were bought, and what happened to it. `histogram`: lines by state."""

    id: str
    version: int
    status: Status
    detail_status: DetailStatus
    customer: CustomerView
    shipping_address: AddressView
    items: list[OrderItem]
    totals: Totals
    shipping_cents: dict[str, int]
    payment: PaymentView
    histogram: dict[str, int]
    supplier_orders: list[str]
    shipments: list[ShipmentView]
    returns: list[ReturnView]
    refunds: list[RefundView]
    timeline: list[MomentView]
    expires_at: datetime
    created_at: datetime
    updated_at: datetime


def to_response(
    found: Stored[Any], order: Order, lines: tuple[Line, ...], parts: Sequence[SupplierOrder]
) -> OrderView:
    moved = {line.id: line for part in parts for line in part.lines}
    payment = {name: getattr(order.payment, name) for name in PaymentView.model_fields}
    return OrderView(
        id=found.id,
        version=found.version,
        status=order.status,
        detail_status=order.detail_status,
        customer=CustomerView(**asdict(order.customer)),
        shipping_address=AddressView(**asdict(order.address)),
        items=[_item(line, moved[line.id]) for line in lines],
        totals=Totals(**asdict(order.totals)),
        shipping_cents=dict(order.shipping),
        payment=PaymentView(**payment),
        histogram=dict(order.histogram),
        supplier_orders=list(order.supplier_orders),
        shipments=[each for part in parts for each in shipments(part)],
        returns=[each for part in parts for each in returns(part)],
        refunds=[_refund(each) for each in order.refunds],
        timeline=[MomentView(what=each.what, at=each.at) for each in order.timeline],
        expires_at=order.expires_at,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )


def _refund(refund: Refund) -> RefundView:
    return RefundView(
        id=refund.id,
        status=refund.status,
        amount_cents=refund.amount_cents,
        lines=[
            RefundedLineView(line_id=each.line_id, quantity=each.quantity, amount_cents=each.amount_cents)
            for each in refund.lines
        ],
        shipping_cents=sum(refund.shipping.values()),
        reason=refund.reason,
        code=refund.code,
        requested_at=refund.requested_at,
    )


def _item(line: Line, moved: SupplierLine) -> OrderItem:
    return OrderItem(
        id=line.id,
        supplier_id=line.supplier_id,
        quantity=line.quantity,
        unit_price_cents=line.unit_price_cents,
        unit_discount_cents=line.unit_discount_cents,
        subtotal_cents=line.subtotal_cents,
        discount_cents=line.discount_cents,
        tax_cents=line.tax_cents,
        total_cents=line.total_cents,
        product_snapshot=ProductSnapshot(**asdict(line.snapshot)),
        attribution=FoundBy(**asdict(line.attribution)),
        **progress(moved),
    )
