"""What the events of an order make of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from commerce.order.events import (
    Later,
    OrderCancelled,
    OrderChunkReleased,
    OrderChunkReserved,
    OrderConfirmed,
    OrderCreated,
    OrderDelivered,
    OrderExpired,
    OrderLinesMoved,
    OrderPaymentFailed,
    OrderPaymentMismatch,
    OrderPaymentReversalStarted,
    OrderPaymentReversed,
    OrderPaymentStarted,
    OrderPaymentSucceeded,
    OrderPersonalDataErased,
    OrderProcessing,
    OrderReinstated,
    OrderReleaseStarted,
    OrderReserved,
    OrderShipped,
)
from commerce.order.evolve_refund import refunded
from commerce.order.refund_events import REFUNDING
from commerce.order.state import Hold, Moment, Order, Payment
from commerce.order.values import DetailStatus, Reason, shares_of
from commerce.supplier_order.lines import UNSENT
from troupe.domain.personal import blanked


def begin(event: OrderCreated) -> Order:
    status: DetailStatus = "pending_payment" if event.chunks is None else "reserving"
    return Order(
        customer=event.customer,
        address=event.address,
        totals=event.totals,
        shipping=event.shipping,
        supplier_orders=event.supplier_orders,
        line_count=len(event.lines),
        detail_status=status,
        histogram={"reserved": len(event.lines)},
        budgets=event.budgets,
        chunks=event.chunks,
        expires_at=event.expires_at,
        accept_hours=event.accept_hours,
        created_at=event.created_at,
        updated_at=event.created_at,
        timeline=(Moment(what=status, at=event.created_at),),
        shares=shares_of(event.lines, event.totals.shipping_cents),
    )


def evolve(state: Order, event: Later) -> Order:  # noqa: C901, PLR0911, PLR0912 -- one line for each kind of event
    if isinstance(event, REFUNDING):
        return refunded(state, event)
    match event:
        case OrderPersonalDataErased():
            return blanked(state, *event.of)
        case OrderChunkReserved(chunk=chunk, reserved_at=at):
            return replace(state, done_chunks=(*state.done_chunks, chunk), updated_at=at)
        case OrderChunkReleased(chunk=chunk, released_at=at):
            left = tuple(each for each in state.done_chunks if each != chunk)
            return replace(state, done_chunks=left, updated_at=at)
        case OrderReserved(expires_at=until, reserved_at=at):
            return replace(_became(state, "pending_payment", at), expires_at=until)
        case OrderReleaseStarted(ends=ends, reason=reason, started_at=at):
            return replace(_became(state, "releasing", at), ends=ends, reason=reason)
        case OrderExpired(detail_status=status, expired_at=at):
            return _ended(_became(state, status, at), "expired")
        case OrderCancelled(reason=reason, cancelled_at=at):
            if state.detail_status == "cancelled":  # by its lines
                return replace(state, reason=reason, updated_at=at)
            return _ended(_became(state, "cancelled", at), reason)
        case OrderReinstated(budgets=budgets, reinstated_at=at):
            held = {"reserved": state.line_count}
            reinstated = replace(state, hold="held", histogram=held, budgets=budgets, ends=None, reason=None)
            return _noted(reinstated, "reinstated", at)
        case OrderConfirmed(confirmed_at=at):
            until = at + timedelta(hours=state.accept_hours)
            return replace(_became(state, "paid", at), accept_by=until)
        case OrderLinesMoved():
            return _moved(state, event)
        case OrderProcessing() | OrderShipped() | OrderDelivered():
            return state  # what its lines have made of it already, told to others
        case _:
            return _pay(state, event)


def _moved(state: Order, event: OrderLinesMoved) -> Order:
    counts = dict(state.histogram)
    for move in event.moves:
        counts[move.was] = counts.get(move.was, 0) - move.lines
        counts[move.to] = counts.get(move.to, 0) + move.lines
    histogram = {name: count for name, count in counts.items() if count}
    moved = replace(state, histogram=histogram, hold=_hold(histogram), updated_at=event.moved_at)
    if event.detail_status == state.detail_status:
        return moved
    return _became(moved, event.detail_status, event.moved_at)


def _hold(histogram: Mapping[str, int]) -> Hold:
    if histogram.keys() & UNSENT:
        return "held"
    return "consumed" if histogram.keys() - {"rejected", "cancelled"} else "released"


type Paying = (
    OrderPaymentStarted
    | OrderPaymentFailed
    | OrderPaymentSucceeded
    | OrderPaymentMismatch
    | OrderPaymentReversalStarted
    | OrderPaymentReversed
)


def _pay(state: Order, event: Paying) -> Order:
    was = state.payment
    match event:
        case OrderPaymentStarted(
            attempt=attempt, payment_method=method, payment_intent_id=intent, started_at=at
        ):
            payment = replace(
                was, status="started", attempt=attempt, payment_method=method, payment_intent_id=intent
            )
            return _noted(_paid(state, replace(payment, code=None, decline_code=None)), "payment_started", at)
        case OrderPaymentFailed(code=code, decline_code=decline, dead=dead, failed_at=at):
            kept = None if dead else was.payment_intent_id
            payment = replace(was, status="failed", code=code, decline_code=decline, payment_intent_id=kept)
            return _noted(_paid(state, payment), "payment_failed", at)
        case OrderPaymentSucceeded(payment_intent_id=intent, amount=amount, succeeded_at=at):
            payment = replace(was, code=None, decline_code=None, payment_intent_id=intent)
            got = replace(payment, status="succeeded", captured_cents=amount.amount_cents)
            return _noted(_paid(state, got), "payment_succeeded", at)
        case OrderPaymentMismatch(payment_intent_id=intent, amount=amount, found_at=at):
            payment = replace(
                was, status="mismatch", payment_intent_id=intent, captured_cents=amount.amount_cents
            )
            return _became(_paid(state, payment), "payment_review", at)
        case OrderPaymentReversalStarted(payment_intent_id=intent, amount=amount, started_at=at):
            payment = replace(
                was, status="reversing", payment_intent_id=intent, captured_cents=amount.amount_cents
            )
            return _noted(_paid(state, payment), "payment_reversal_started", at)
        case OrderPaymentReversed(refund_id=refund, amount=amount, reversed_at=at):
            payment = replace(was, status="reversed", refunded_cents=amount.amount_cents)
            return _noted(_paid(state, replace(payment, reversal_id=refund)), "payment_reversed", at)
        case _:
            assert_never(event)


def _paid(state: Order, payment: Payment) -> Order:
    return replace(state, payment=payment)


def _became(state: Order, status: DetailStatus, at: datetime) -> Order:
    return _noted(replace(state, detail_status=status), status, at)


def _noted(state: Order, what: str, at: datetime) -> Order:
    return replace(state, timeline=(*state.timeline, Moment(what=what, at=at)), updated_at=at)


def _ended(state: Order, reason: Reason) -> Order:
    """Its lines are cancelled, and nothing is held or counted any more."""
    counts = {"cancelled": state.line_count}
    return replace(state, hold="released", histogram=counts, budgets=(), ends=None, reason=reason)
