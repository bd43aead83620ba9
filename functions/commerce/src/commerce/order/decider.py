"""An order: what a customer bought at a moment in time: reserved for a while, then paid once or given up.

How its lines are sent, returned and refunded is decided with each supplier (supplier_order.py).
"""

from datetime import datetime, timedelta
from typing import assert_never

from commerce.order.commands import (
    REFUND_COMMANDS,
    CancelOrder,
    Command,
    ExpireOrder,
    FindPayment,
    FinishRelease,
    GiveUp,
    MoveLines,
    PlaceOrder,
    RecordReversal,
    ReinstateOrder,
    ReleaseChunk,
    ReserveChunk,
    ReversePayment,
    StartPayment,
)
from commerce.order.decide_fulfilment import move
from commerce.order.decide_payment import (
    PAST_PAYMENT,
    find,
    reinstate,
    reversal,
    reverse,
    reverted,
    start_payment,
)
from commerce.order.decide_refund import refund, refund_due
from commerce.order.events import (
    Event,
    OrderCancelled,
    OrderChunkReleased,
    OrderChunkReserved,
    OrderCreated,
    OrderExpired,
    OrderPersonalDataErased,
    OrderReleaseStarted,
    OrderReserved,
)
from commerce.order.evolve import begin, evolve
from commerce.order.state import Order
from commerce.order.values import LIFECYCLE, Ended, Reason
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339

HELD_FOR = timedelta(minutes=15)
STUCK_AFTER = timedelta(minutes=2)  # in the middle of reserving or giving back
REVERSAL_AFTER = timedelta(minutes=5)  # it is looked at again, if Stripe's answer was lost
OVER = frozenset({"expired", "payment_failed", "cancelled"})


def create(command: PlaceOrder, context: Context) -> tuple[Event, ...]:
    created = OrderCreated(
        customer=command.customer,
        address=command.address,
        lines=command.lines,
        totals=command.totals,
        shipping=command.shipping,
        supplier_orders=command.supplier_orders,
        budgets=command.budgets,
        chunks=command.chunks,
        accept_hours=command.accept_hours,
        expires_at=context.now + HELD_FOR,
        created_at=context.now,
    )
    return (created,)


def decide(command: Command, state: Order, context: Context) -> tuple[Event, ...]:  # noqa: C901, PLR0911, PLR0912 -- one line for each command
    now = context.now
    if isinstance(command, REFUND_COMMANDS):
        return refund(command, state, now)
    match command:
        case ReserveChunk(chunk=chunk):
            return _reserve(chunk, state, now)
        case GiveUp():
            return _give_up(state, now)
        case ReleaseChunk(chunk=chunk):
            return _release(chunk, state, now)
        case FinishRelease():
            return _finish(state, now)
        case StartPayment():
            return start_payment(command, state, now)
        case FindPayment(intent=intent):
            return find(intent, state, now)
        case ExpireOrder():
            return _expire(state, now)
        case CancelOrder():
            return _cancel(command, state, now)
        case MoveLines():
            return move(command, state, now)
        case ReinstateOrder():
            return reinstate(command, state, now)
        case ReversePayment(intent=intent):
            return reverse(intent, state, now)
        case RecordReversal(refund_id=refund_id):
            return reverted(refund_id, state, now)
        case _:
            assert_never(command)


# Its stock, chunk by chunk, if it is too large for one transaction.


def _reserve(chunk: int, state: Order, now: datetime) -> tuple[Event, ...]:
    if chunk in state.done_chunks:
        return ()
    LIFECYCLE.check(state.detail_status, "pending_payment")
    reserved = OrderChunkReserved(chunk=chunk, reserved_at=now)
    if len(state.done_chunks) + 1 < (state.chunks or 0):
        return (reserved,)
    return (reserved, OrderReserved(expires_at=now + HELD_FOR, reserved_at=now))


def _give_up(state: Order, now: datetime) -> tuple[Event, ...]:
    """Give up an order that is being reserved. One that is reserved or paid meanwhile is kept."""
    if state.detail_status != "reserving":
        return ()
    return _start_release(state, "cancelled", "out_of_stock", now)


def _start_release(state: Order, ends: Ended, reason: Reason, now: datetime) -> tuple[Event, ...]:
    LIFECYCLE.check(state.detail_status, "releasing")
    return (OrderReleaseStarted(ends=ends, reason=reason, started_at=now),)


def _release(chunk: int, state: Order, now: datetime) -> tuple[Event, ...]:
    if state.detail_status != "releasing" or chunk not in state.done_chunks:
        return ()
    return (OrderChunkReleased(chunk=chunk, released_at=now),)


def _finish(state: Order, now: datetime) -> tuple[Event, ...]:
    if state.detail_status != "releasing" or state.done_chunks or state.ends is None:
        return ()
    if state.ends == "cancelled":
        return (_cancelled(state, state.reason or "out_of_stock", now),)
    return (_expired(state, state.ends, now),)


# How it ends without money.


def _expire(state: Order, now: datetime) -> tuple[Event, ...]:
    """Only what waits for its payment expires, and not a moment too soon."""
    if state.detail_status != "pending_payment" or now < state.expires_at:
        return ()
    ends: Ended = "payment_failed" if state.payment.status == "failed" else "expired"
    if state.chunks is not None:
        return _start_release(state, ends, "expired", now)
    return (_expired(state, ends, now),)


def _cancel(command: CancelOrder, state: Order, now: datetime) -> tuple[Event, ...]:
    if state.detail_status in OVER or state.detail_status == "releasing":
        return ()
    if state.detail_status in PAST_PAYMENT:
        raise Rejected("order_paid", "It is paid: what is not wanted is refunded line by line.")
    if state.detail_status == "payment_review" and not command.staff:
        raise Rejected("payment_under_review", "Its payment is under review; ask the shop.")
    reason: Reason = "staff" if command.staff else "customer"
    back = _back(state, now) if state.detail_status == "payment_review" else ()
    if state.chunks is not None:
        return (*_start_release(state, "cancelled", reason, now), *back)
    LIFECYCLE.check(state.detail_status, "cancelled")
    return (_cancelled(state, reason, now), *back)


def _back(state: Order, now: datetime) -> tuple[Event, ...]:
    """What was paid too little or too much goes back with the order."""
    return (reversal(state, state.payment.payment_intent_id or "", state.payment.captured_cents, now),)


def _expired(state: Order, ends: Ended, now: datetime) -> OrderExpired:
    return OrderExpired(
        detail_status=ends,
        customer_id=state.customer.id,
        supplier_orders=state.supplier_orders,
        expired_at=now,
    )


def _cancelled(state: Order, reason: Reason, now: datetime) -> OrderCancelled:
    return OrderCancelled(
        reason=reason,
        customer_id=state.customer.id,
        supplier_orders=state.supplier_orders,
        cancelled_at=now,
    )


def _due(state: Order) -> tuple[str, datetime] | None:
    """What the sweep does next: end a hold, finish a reservation or a refund, reject unanswered lines."""
    if state.detail_status == "pending_payment":
        return "order_hold", state.expires_at
    if state.detail_status in {"reserving", "releasing"}:
        return "order_reserving", state.updated_at + STUCK_AFTER
    if state.payment.status == "reversing":
        return "order_reversal", state.updated_at + REVERSAL_AFTER
    refunds, answers = refund_due(state), state.accept_by if state.histogram.get("reserved") else None
    if refunds and (answers is None or refunds < answers):
        return "order_refund", refunds
    return ("order_acceptance", answers) if answers else None


def _erased(state: Order, of: tuple[str, ...], context: Context) -> Event:
    return OrderPersonalDataErased(customer_id=state.customer.id, of=of, erased_at=context.now)


def _listed(state: Order, _id: str) -> Listing:
    return Listing(
        due=_due(state),
        summary={
            "status": state.status,
            "detail_status": state.detail_status,
            "payment_status": state.payment.status,
            "total": {"amount_cents": state.totals.total_cents, "currency": state.totals.currency},
            "line_count": state.line_count,
            "created_at": rfc3339(state.created_at),
        },
    )


ORDER = Decider[Order, PlaceOrder | Command, Event](
    name="order",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("order", Event),
    state=Order,
    listed=_listed,
    subjects=lambda state, _id: {"customer": f"user:{state.customer.id}"},
    erased=_erased,
    erases={"customer": ("order",)},
)
