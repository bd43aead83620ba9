"""An order's events and commands with all that they need, for the tests that have no table."""

from datetime import timedelta
from typing import Any

from commerce.order.commands import Intent, PlaceOrder, StartPayment
from commerce.order.events import (
    OrderCancelled,
    OrderConfirmed,
    OrderCreated,
    OrderExpired,
    OrderPaymentStarted,
    OrderPaymentSucceeded,
)
from commerce.order.values import Address, Attribution, Customer, Line, Snapshot, Total
from commerce.pricing import Totals
from commerce.values import Share
from support.spec import ANN, NOON

NOW = NOON.now
SUPPLIER = "0192f0c1-0000-7000-8000-0000000000b1"
PART = f"0192f0c1-0000-7000-8000-0000000000d1.{SUPPLIER}"
PI = "pi_00000001"
TOTAL = Total(amount_cents=2499, currency="EUR")


def line(number: int = 1, **more: Any) -> Line:
    snapshot = Snapshot(
        product_id="0192f0c1-0000-7000-8000-0000000000e1",
        variant_id="0192f0c1-0000-7000-8000-0000000000f1",
        sku="RED-42",
        name="Red Running Shoes",
        category="Shoes",
        brand=None,
        attributes={"size": "42"},
        image_url=None,
        original_price_cents=2000,
        currency="EUR",
        snapshot_at=NOW,
    )
    given = {
        "id": str(number),
        "supplier_id": SUPPLIER,
        "variant_id": snapshot.variant_id,
        "quantity": 1,
        "unit_price_cents": 2000,
        "unit_discount_cents": 0,
        "subtotal_cents": 2000,
        "discount_cents": 0,
        "tax_cents": 0,
        "snapshot": snapshot,
        "attribution": Attribution(),
    }
    return Line(**(given | more))


PLACE = PlaceOrder(
    customer=Customer(id=ANN, display_name="Ann"),
    address=Address(name="Ann", line1="Hauptstr. 1", city="Berlin", postal_code="10115", country="DE"),
    lines=(line(),),
    totals=Totals(
        subtotal_cents=2000,
        discount_cents=0,
        tax_cents=0,
        shipping_cents=499,
        total_cents=2499,
        currency="EUR",
    ),
    shipping={SUPPLIER: 499},
    supplier_orders=(PART,),
)


def created(chunks: int | None = None) -> OrderCreated:
    return OrderCreated(
        customer=PLACE.customer,
        address=PLACE.address,
        lines=PLACE.lines,
        totals=PLACE.totals,
        shipping=PLACE.shipping,
        supplier_orders=PLACE.supplier_orders,
        budgets=(),
        chunks=chunks,
        expires_at=NOW + timedelta(minutes=15),
        created_at=NOW,
    )


CREATED = created()
STARTED = OrderPaymentStarted(attempt=1, payment_method="pm_good", payment_intent_id=PI, started_at=NOW)
SUCCEEDED = OrderPaymentSucceeded(payment_intent_id=PI, amount=TOTAL, customer_id=ANN, succeeded_at=NOW)
CONFIRMED = OrderConfirmed(
    customer_id=ANN,
    total=TOTAL,
    supplier_orders=(PART,),
    confirmed_at=NOW,
    attributed=(Share(promotion_id=None, community_id=None, amount_cents=2499),),
)
EXPIRED = OrderExpired(detail_status="expired", customer_id=ANN, supplier_orders=(PART,), expired_at=NOW)
CANCELLED = OrderCancelled(reason="customer", customer_id=ANN, supplier_orders=(PART,), cancelled_at=NOW)


def intent(status: str = "succeeded", received: int = 2499, **more: Any) -> Intent:
    got = received if status == "succeeded" else 0
    return Intent(**({"id": PI, "status": status, "received_cents": got, "currency": "EUR"} | more))


PAY = StartPayment(payment_method="pm_good", payment_intent_id=PI)
DECLINED = intent("requires_payment_method", code="card_declined", decline_code="insufficient_funds")
