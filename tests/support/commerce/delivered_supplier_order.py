"""A supplier's part of an order that was delivered, for the tests of money that have no table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.events import (
    Part,
    SupplierOrderCreated,
    SupplierOrderLinesAccepted,
    SupplierOrderLinesDelivered,
    SupplierOrderLinesRejected,
    SupplierOrderLinesShipped,
)
from commerce.supplier_order.lines import LineAllocation, LineQuantity, Withdrawal
from commerce.supplier_order.money_events import (
    SupplierOrderPayoutDue,
    SupplierOrderPayoutPaid,
    SupplierOrderPayoutStarted,
)
from commerce.supplier_order.payout_commands import Payee, PaySupplier
from commerce.supplier_order.state import SupplierOrder
from support.commerce.order_histories import NOW, PART, SUPPLIER
from support.spec import ANN, Given

given = Given(SUPPLIER_ORDER)
HOLD = timedelta(days=7)
DUE = NOW + HOLD
ACCOUNT = "acct_1RbQ2bLkdIwHu7ix"


def part(number: int, quantity: int, subtotal: int, discount: int = 0, tax: int = 0) -> Part:
    return Part(
        id=str(number),
        product_id="p1",
        variant_id=f"v{number}",
        sku=f"RED-{number}",
        name="Red Running Shoes",
        quantity=quantity,
        subtotal_cents=subtotal,
        discount_cents=discount,
        tax_cents=tax,
        allocations=(LineAllocation(location_id="l1", bucket=0, quantity=quantity, held=quantity),),
    )


def created(*lines: Part, shipping: int = 499, commission: int = 1000) -> SupplierOrderCreated:
    return SupplierOrderCreated(
        order_id=PART.partition(".")[0],
        supplier_id=SUPPLIER,
        customer_id=ANN,
        country="DE",
        currency="EUR",
        lines=lines,
        shipping_cents=shipping,
        commission_basis_points=commission,
        created_at=NOW,
    )


def units(**quantities: int) -> tuple[LineQuantity, ...]:
    """`units(_1=2)`: two of line 1."""
    return tuple(LineQuantity(line_id=name[1:], quantity=count) for name, count in quantities.items())


def stock(lines: tuple[LineQuantity, ...]) -> tuple[Withdrawal, ...]:
    return tuple(
        Withdrawal(line_id=each.line_id, location_id="l1", bucket=0, quantity=each.quantity) for each in lines
    )


def rejected(lines: tuple[LineQuantity, ...]) -> SupplierOrderLinesRejected:
    return SupplierOrderLinesRejected(
        lines=lines, stock=stock(lines), reason=None, unanswered=False, rejected_at=NOW
    )


def delivered(made: SupplierOrderCreated, reject: tuple[LineQuantity, ...] = ()) -> tuple[Any, ...]:
    """Accepted, sent and delivered, but for what is rejected."""
    gone = {each.line_id: each.quantity for each in reject}
    sent = tuple(
        LineQuantity(line_id=line.id, quantity=left)
        for line in made.lines
        if (left := line.quantity - gone.get(line.id, 0))
    )
    shipped = SupplierOrderLinesShipped(
        shipment_id="s1", carrier="DHL", tracking_number="1", lines=sent, stock=stock(sent), shipped_at=NOW
    )
    came = SupplierOrderLinesDelivered(
        lines=sent, arrived=(), return_until=NOW + timedelta(days=14), delivered_at=NOW
    )
    accepted = SupplierOrderLinesAccepted(lines=sent, accepted_at=NOW)
    return (made, accepted, *((rejected(reject),) if reject else ()), shipped, came)


SHOES = created(part(1, 3, 10_000, 0, 1_000), part(2, 1, 2_000))
SOLD = delivered(SHOES)
REVENUE = 13_499  # shipping and tax in it
COMMISSION = 1_200  # ten per cent of the goods
NET = REVENUE - COMMISSION

FELL_DUE = SupplierOrderPayoutDue(
    supplier_id=SUPPLIER,
    currency="EUR",
    revenue_cents=REVENUE,
    commission_cents=COMMISSION,
    amount_cents=NET,
    due_at=DUE,
)
STARTED = SupplierOrderPayoutStarted(number=1, amount_cents=NET, destination=ACCOUNT, started_at=DUE)
PAID = SupplierOrderPayoutPaid(
    supplier_id=SUPPLIER, currency="EUR", number=1, transfer_id="tr_1", amount_cents=NET, paid_at=DUE
)

PAYEE = Payee(verified=True, stripe_account_id=ACCOUNT, payout_after=None, balance_cents=0)


def pay(**more: Any) -> PaySupplier:
    return PaySupplier(payee=replace(PAYEE, **more))


def now(*history: Any) -> SupplierOrder:
    state = given(*history).state
    assert isinstance(state, SupplierOrder)
    return state
