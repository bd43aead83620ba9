"""What is decided of an order's payment: one intent, paid once, or given back."""

from datetime import datetime
from typing import Literal

from commerce.order.commands import Intent, ReinstateOrder, StartPayment
from commerce.order.events import (
    Event,
    OrderConfirmed,
    OrderPaymentFailed,
    OrderPaymentMismatch,
    OrderPaymentReversalStarted,
    OrderPaymentReversed,
    OrderPaymentStarted,
    OrderPaymentSucceeded,
    OrderReinstated,
)
from commerce.order.state import Order
from commerce.order.values import LIFECYCLE, Total
from troupe.domain.decider import Rejected

PAST_PAYMENT = frozenset(
    {"paid", "accepted", "packed", "shipped", "delivered", "completed", "returned", "refunded"}
)

type Fate = Literal["record", "revive", "reverse", "wait", "nothing"]


def fate(state: Order, intent: Intent) -> Fate:
    """What is to become of what Stripe says of a payment."""
    if intent.status != "succeeded":
        return "record" if state.detail_status == "pending_payment" else "nothing"
    match state.detail_status:
        case "pending_payment":
            return "record"
        case "reserving" | "releasing":
            return "wait"
        case "expired" | "payment_failed" | "cancelled":
            return "nothing" if state.payment.captured_cents else _late(state)
        case _:
            return "nothing"


def _late(state: Order) -> Fate:
    """A late payment reverses a cancelled order and one of many chunks; it reinstates any other."""
    return "reverse" if state.detail_status == "cancelled" or state.chunks is not None else "revive"


def start_payment(command: StartPayment, state: Order, now: datetime) -> tuple[Event, ...]:
    payable(state, now)
    was = state.payment
    if was.payment_intent_id not in {None, command.payment_intent_id}:
        raise Rejected("payment_under_way", "Another payment of it is under way.")
    same = (was.payment_method, was.payment_intent_id) == (command.payment_method, command.payment_intent_id)
    if was.status == "started" and same:
        return ()  # its outcome is not known: the same attempt again, under the same key
    started = OrderPaymentStarted(
        attempt=was.attempt + 1,
        payment_method=command.payment_method,
        payment_intent_id=command.payment_intent_id,
        started_at=now,
    )
    return (started,)


def payable(state: Order, now: datetime) -> None:
    """Refuse what is not to be paid, or not any more."""
    if state.detail_status in PAST_PAYMENT:
        raise Rejected("order_paid", "It is paid already.")
    if state.detail_status != "pending_payment":
        raise Rejected("order_not_payable", f"An order that is {state.detail_status} cannot be paid.")
    if now >= state.expires_at:
        raise Rejected("order_expired", "Its time is up: place it again.")


def find(intent: Intent, state: Order, now: datetime) -> tuple[Event, ...]:
    if state.detail_status != "pending_payment":
        return ()
    if state.payment.payment_intent_id not in {None, intent.id}:
        raise Rejected("payment_not_of_order", "That payment is not the order's.")
    if intent.status == "succeeded":
        return _succeeded(intent, state, now)
    dead = intent.status == "canceled"
    if state.payment.status != "started" or not (dead or _declined(intent)):
        return ()
    failed = OrderPaymentFailed(
        attempt=state.payment.attempt,
        code=intent.code or intent.status,
        decline_code=intent.decline_code,
        dead=dead,
        failed_at=now,
    )
    return (failed,)


def _declined(intent: Intent) -> bool:
    return intent.status == "requires_payment_method" and intent.code is not None


def _succeeded(intent: Intent, state: Order, now: datetime) -> tuple[Event, ...]:
    expected = Total(amount_cents=state.totals.total_cents, currency=state.totals.currency)
    received = Total(amount_cents=intent.received_cents, currency=intent.currency)
    if received != expected:
        mismatch = OrderPaymentMismatch(
            payment_intent_id=intent.id, amount=received, expected=expected, found_at=now
        )
        return (mismatch,)
    return _paid(intent, state, now)


def _paid(intent: Intent, state: Order, now: datetime) -> tuple[Event, ...]:
    total = Total(amount_cents=intent.received_cents, currency=intent.currency)
    customer_id = state.customer.id
    return (
        OrderPaymentSucceeded(
            payment_intent_id=intent.id,
            amount=total,
            customer_id=customer_id,
            succeeded_at=now,
            attempt=state.payment.attempt,
        ),
        OrderConfirmed(
            customer_id=customer_id,
            total=total,
            supplier_orders=state.supplier_orders,
            confirmed_at=now,
            attributed=state.shares,
        ),
    )


def reinstate(command: ReinstateOrder, state: Order, now: datetime) -> tuple[Event, ...]:
    if fate(state, command.intent) != "revive":
        return ()
    LIFECYCLE.check(state.detail_status, "paid")
    received = (command.intent.received_cents, command.intent.currency)
    if received != (state.totals.total_cents, state.totals.currency):
        return reverse(command.intent, state, now)
    reinstated = OrderReinstated(budgets=command.budgets, reinstated_at=now)
    return (reinstated, *_paid(command.intent, state, now))


def reverse(intent: Intent, state: Order, now: datetime) -> tuple[Event, ...]:
    if fate(state, intent) not in {"revive", "reverse"}:
        return ()
    return (reversal(state, intent.id, intent.received_cents, now),)


def reversal(state: Order, intent_id: str, amount_cents: int, now: datetime) -> OrderPaymentReversalStarted:
    return OrderPaymentReversalStarted(
        payment_intent_id=intent_id,
        amount=Total(amount_cents=amount_cents, currency=state.totals.currency),
        customer_id=state.customer.id,
        started_at=now,
    )


def reverted(refund_id: str, state: Order, now: datetime) -> tuple[Event, ...]:
    if state.payment.status != "reversing":
        return ()
    done = OrderPaymentReversed(
        payment_intent_id=state.payment.payment_intent_id or "",
        refund_id=refund_id,
        amount=Total(amount_cents=state.payment.captured_cents, currency=state.totals.currency),
        customer_id=state.customer.id,
        reversed_at=now,
    )
    return (done,)
