"""What is decided of an order's money after it was paid: refunds, each once, and what its bank disputes."""

from datetime import datetime, timedelta
from typing import assert_never

from commerce.order.commands import (
    FailRefund,
    FindDispute,
    FindRefund,
    RecordRefund,
    RefundCommand,
    RequestRefund,
)
from commerce.order.refund_events import (
    Disputing,
    OrderDisputeClosed,
    OrderDisputed,
    OrderRefunded,
    OrderRefundFailed,
    OrderRefundRequested,
    Refunding,
)
from commerce.order.state import Order
from commerce.order.values import Total
from commerce.supplier_order.refund import BY_HAND, Refund
from troupe.domain.decider import Rejected

REFUND_AFTER = timedelta(minutes=1)  # it is carried out, or looked at again if Stripe's answer was lost
KEPT = frozenset({"succeeded", "partially_refunded"})  # of payments of which something is left


def refund(command: RefundCommand, state: Order, now: datetime) -> tuple[Refunding | Disputing, ...]:
    match command:
        case RequestRefund():
            return _request(command, state, now)
        case RecordRefund():
            return _record(command, state, now)
        case FailRefund():
            return _fail(command, state, now)
        case FindRefund():
            return _find(command, state, now)
        case FindDispute():
            return _dispute(command, state, now)
        case _:
            assert_never(command)


def undisputed(state: Order) -> None:
    """Refuse to give back what a bank may take itself, or has taken."""
    if any(each.outcome in {None, "lost"} for each in state.disputes):
        raise Rejected("order_disputed", "The customer's bank asks for the money: Stripe decides about it.")


def refund_due(state: Order) -> datetime | None:
    """When the oldest refund that is under way is looked at again."""
    asked = [each.requested_at for each in state.refunds if each.status == "requested"]
    return min(asked) + REFUND_AFTER if asked else None


def _of(refund_id: str, state: Order) -> Refund | None:
    return next((each for each in state.refunds if each.id == refund_id), None)


def _request(command: RequestRefund, state: Order, now: datetime) -> tuple[Refunding, ...]:
    if _of(command.refund_id, state):
        return ()
    if state.payment.status not in KEPT:
        raise Rejected("nothing_to_refund", "Nothing is left of its payment that could go back.")
    amount = sum(each.amount_cents for each in command.lines) + sum(command.shipping.values())
    asked = sum(each.amount_cents for each in state.refunds if each.status == "requested")
    left = state.payment.captured_cents - state.payment.refunded_cents - asked
    if not 0 < amount <= left:
        raise Rejected("not_refundable", f"Of its payment {left} cents are left.")
    decided = Refund(
        id=command.refund_id,
        lines=command.lines,
        shipping=command.shipping,
        amount_cents=amount,
        reason=command.reason,
        requested_at=now,
    )
    return (_requested(decided, state),)


def _requested(refund: Refund, state: Order) -> OrderRefundRequested:
    return OrderRefundRequested(
        refund_id=refund.id,
        amount=Total(amount_cents=refund.amount_cents, currency=state.totals.currency),
        customer_id=state.customer.id,
        lines=refund.lines,
        shipping=refund.shipping,
        reason=refund.reason,
        requested_at=refund.requested_at,
    )


def _record(command: RecordRefund, state: Order, now: datetime) -> tuple[Refunding, ...]:
    found = _of(command.refund_id, state)
    if found is None or found.status != "requested":
        return ()
    return (_refunded(found, command.stripe_refund_id, state, now),)


def _refunded(refund: Refund, stripe_refund_id: str, state: Order, now: datetime) -> OrderRefunded:
    whole = state.payment.refunded_cents + refund.amount_cents == state.payment.captured_cents
    return OrderRefunded(
        refund_id=refund.id,
        stripe_refund_id=stripe_refund_id,
        amount=Total(amount_cents=refund.amount_cents, currency=state.totals.currency),
        customer_id=state.customer.id,
        lines=refund.lines,
        shipping=refund.shipping,
        whole=whole,
        refunded_at=now,
        attributed=state.shares if whole else (),
    )


def _find(command: FindRefund, state: Order, now: datetime) -> tuple[Refunding, ...]:
    """Without a line, and at no supplier's expense: its purpose is not known."""
    made = command.stripe_refund_id
    if _of(made, state) or state.payment.status not in KEPT:
        return ()
    amount = command.amount_cents
    by_hand = Refund(id=made, lines=(), shipping={}, amount_cents=amount, reason=BY_HAND, requested_at=now)
    return (_requested(by_hand, state), _refunded(by_hand, made, state, now))


def _fail(command: FailRefund, state: Order, now: datetime) -> tuple[Refunding, ...]:
    found = _of(command.refund_id, state)
    if found is None or found.status == "failed":
        return ()
    undone, payment = found.status == "succeeded", state.payment
    whole = undone and payment.refunded_cents == payment.captured_cents
    failed = OrderRefundFailed(
        refund_id=found.id,
        code=command.code,
        undone=undone,
        amount=Total(amount_cents=found.amount_cents, currency=state.totals.currency),
        customer_id=state.customer.id,
        lines=found.lines,
        shipping=found.shipping,
        failed_at=now,
        attributed=state.shares if whole else (),
    )
    return (failed,)


def _dispute(command: FindDispute, state: Order, now: datetime) -> tuple[Disputing, ...]:
    """Whichever of Stripe's events comes first, it is opened before it is closed, and closed once."""
    known = next((each for each in state.disputes if each.id == command.dispute_id), None)
    opened = OrderDisputed(
        dispute_id=command.dispute_id,
        amount=Total(amount_cents=command.amount_cents, currency=state.totals.currency),
        reason=command.reason,
        customer_id=state.customer.id,
        disputed_at=now,
    )
    told = () if known else (opened,)
    if command.outcome is None or (known and known.outcome):
        return told
    closed = OrderDisputeClosed(
        dispute_id=command.dispute_id,
        outcome=command.outcome,
        customer_id=state.customer.id,
        closed_at=now,
    )
    return (*told, closed)
