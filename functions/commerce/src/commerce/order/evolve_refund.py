"""What refunds and disputes make of an order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from commerce.order.refund_events import (
    Disputing,
    OrderDisputeClosed,
    OrderDisputed,
    OrderRefunded,
    OrderRefundFailed,
    OrderRefundRequested,
    Refunding,
)
from commerce.order.state import Moment, Order, PaymentStatus
from commerce.supplier_order.refund import Dispute, Refund


def refunded(state: Order, event: Refunding | Disputing) -> Order:
    match event:
        case OrderRefundRequested(requested_at=at):
            return _noted(replace(state, refunds=(*state.refunds, _asked(event))), "refund_requested", at)
        case OrderRefunded(refund_id=name, stripe_refund_id=made, amount=amount, refunded_at=at):
            there = _refund(state, name, lambda was: replace(was, status="succeeded", stripe_refund_id=made))
            return _noted(_paid(there, state.payment.refunded_cents + amount.amount_cents), "refunded", at)
        case OrderRefundFailed(refund_id=name, code=code, undone=undone, amount=amount, failed_at=at):
            gone = _refund(state, name, lambda was: replace(was, status="failed", code=code))
            back = amount.amount_cents if undone else 0
            return _noted(_paid(gone, state.payment.refunded_cents - back), "refund_failed", at)
        case OrderDisputed(dispute_id=name, amount=amount, reason=reason, disputed_at=at):
            opened = Dispute(id=name, amount_cents=amount.amount_cents, reason=reason, opened_at=at)
            return _noted(replace(state, disputes=(*state.disputes, opened)), "disputed", at)
        case OrderDisputeClosed(dispute_id=name, outcome=outcome, closed_at=at):
            disputes = tuple(
                replace(each, outcome=outcome) if each.id == name else each for each in state.disputes
            )
            return _noted(replace(state, disputes=disputes), f"dispute_{outcome}", at)
        case _:
            assert_never(event)


def _asked(event: OrderRefundRequested) -> Refund:
    return Refund(
        id=event.refund_id,
        lines=event.lines,
        shipping=event.shipping,
        amount_cents=event.amount.amount_cents,
        reason=event.reason,
        requested_at=event.requested_at,
    )


def _refund(state: Order, refund_id: str, change: Callable[[Refund], Refund]) -> Order:
    refunds = tuple(change(each) if each.id == refund_id else each for each in state.refunds)
    return replace(state, refunds=refunds)


def _paid(state: Order, refunded_cents: int) -> Order:
    """One of which nothing was sent is refunded once all of its money is back, for as long as it is."""
    whole = refunded_cents == state.payment.captured_cents
    paid: PaymentStatus = "refunded" if whole else "partially_refunded" if refunded_cents else "succeeded"
    payment = replace(state.payment, status=paid, refunded_cents=refunded_cents)
    if state.detail_status not in {"cancelled", "refunded"}:
        return replace(state, payment=payment)
    return replace(state, payment=payment, detail_status="refunded" if whole else "cancelled")


def _noted(state: Order, what: str, at: datetime) -> Order:
    return replace(state, timeline=(*state.timeline, Moment(what=what, at=at)), updated_at=at)
