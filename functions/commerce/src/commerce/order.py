"""An order: what somebody bought at a moment in time, held for a while, paid for once, or given up.

How its lines are sent, returned and refunded is decided with each supplier (supplier_order.py).
"""

from datetime import datetime, timedelta
from typing import Literal, assert_never

from commerce.order_commands import (
    CancelOrder,
    Command,
    ExpireOrder,
    FindPayment,
    FinishRelease,
    GiveUp,
    Intent,
    PlaceOrder,
    RecordReversal,
    ReleaseChunk,
    ReserveChunk,
    ReversePayment,
    ReviveOrder,
    StartPayment,
)
from commerce.order_events import (
    EVENTS,
    LIFECYCLE,
    Ended,
    Event,
    OrderCancelled,
    OrderChunkReleased,
    OrderChunkReserved,
    OrderConfirmed,
    OrderCreated,
    OrderExpired,
    OrderPaymentFailed,
    OrderPaymentMismatch,
    OrderPaymentReversalStarted,
    OrderPaymentReversed,
    OrderPaymentStarted,
    OrderPaymentSucceeded,
    OrderReleaseStarted,
    OrderReserved,
    OrderRevived,
    Reason,
    Total,
)
from commerce.order_state import NoOrder, Order, State, evolve
from troupe.clock import rfc3339
from troupe.decider import Context, Decider, Listing, Rejected

HELD_FOR = timedelta(minutes=15)
STUCK_AFTER = timedelta(minutes=2)  # in the middle of reserving or giving back
REVERSAL_AFTER = timedelta(minutes=5)  # it is looked at again, if Stripe's answer was lost
PAST_PAYMENT = frozenset(
    {"paid", "accepted", "packed", "shipped", "delivered", "completed", "returned", "refunded"}
)
OVER = frozenset({"expired", "payment_failed", "cancelled"})

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
    """Nobody wants what was cancelled; an order of many chunks is not put together again."""
    return "reverse" if state.detail_status == "cancelled" or state.chunks is not None else "revive"


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match state:
        case NoOrder() if isinstance(command, PlaceOrder):
            return (_create(command, context),)
        case NoOrder():
            raise Rejected("no_order", "There is no such order.")
        case Order():
            return _decide(command, state, context.now)
        case _:
            assert_never(state)


def _create(command: PlaceOrder, context: Context) -> OrderCreated:
    return OrderCreated(
        customer=command.customer,
        address=command.address,
        lines=command.lines,
        totals=command.totals,
        shipping=command.shipping,
        supplier_orders=command.supplier_orders,
        budgets=command.budgets,
        chunks=command.chunks,
        expires_at=context.now + HELD_FOR,
        created_at=context.now,
    )


def _decide(command: Command, state: Order, now: datetime) -> tuple[Event, ...]:  # noqa: C901, PLR0911, PLR0912 -- one line for each command
    match command:
        case PlaceOrder():
            raise Rejected("order_exists", "An order is placed once.")
        case ReserveChunk(chunk=chunk):
            return _reserve(chunk, state, now)
        case GiveUp():
            return _start_release(state, "cancelled", "out_of_stock", now)
        case ReleaseChunk(chunk=chunk):
            return _release(chunk, state, now)
        case FinishRelease():
            return _finish(state, now)
        case StartPayment():
            return _start_payment(command, state, now)
        case FindPayment(intent=intent):
            return _find(intent, state, now)
        case ExpireOrder():
            return _expire(state, now)
        case CancelOrder():
            return _cancel(command, state, now)
        case ReviveOrder():
            return _revive(command, state, now)
        case ReversePayment(intent=intent):
            return _reverse(intent, state, now)
        case RecordReversal(refund_id=refund_id):
            return _reversed(refund_id, state, now)
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


def _start_release(state: Order, ends: Ended, reason: Reason, now: datetime) -> tuple[Event, ...]:
    if state.detail_status == "releasing":
        return ()
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
        raise Rejected("payment_under_review", "Somebody looks at its payment; ask the shop.")
    reason: Reason = "staff" if command.staff else "customer"
    back = _back(state, now) if state.detail_status == "payment_review" else ()
    if state.chunks is not None:
        return (*_start_release(state, "cancelled", reason, now), *back)
    LIFECYCLE.check(state.detail_status, "cancelled")
    return (_cancelled(state, reason, now), *back)


def _back(state: Order, now: datetime) -> tuple[Event, ...]:
    """What was paid too little or too much goes back with the order."""
    return (_reversal(state, state.payment.payment_intent_id or "", state.payment.captured_cents, now),)


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


# Its payment.


def _start_payment(command: StartPayment, state: Order, now: datetime) -> tuple[Event, ...]:
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


def _find(intent: Intent, state: Order, now: datetime) -> tuple[Event, ...]:
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
            payment_intent_id=intent.id, amount=total, customer_id=customer_id, succeeded_at=now
        ),
        OrderConfirmed(
            customer_id=customer_id, total=total, supplier_orders=state.supplier_orders, confirmed_at=now
        ),
    )


def _revive(command: ReviveOrder, state: Order, now: datetime) -> tuple[Event, ...]:
    if fate(state, command.intent) != "revive":
        return ()
    LIFECYCLE.check(state.detail_status, "paid")
    received = (command.intent.received_cents, command.intent.currency)
    if received != (state.totals.total_cents, state.totals.currency):
        return _reverse(command.intent, state, now)
    revived = OrderRevived(budgets=command.budgets, revived_at=now)
    return (revived, *_paid(command.intent, state, now))


def _reverse(intent: Intent, state: Order, now: datetime) -> tuple[Event, ...]:
    if fate(state, intent) not in {"revive", "reverse"}:
        return ()
    return (_reversal(state, intent.id, intent.received_cents, now),)


def _reversal(state: Order, intent_id: str, amount_cents: int, now: datetime) -> OrderPaymentReversalStarted:
    return OrderPaymentReversalStarted(
        payment_intent_id=intent_id,
        amount=Total(amount_cents=amount_cents, currency=state.totals.currency),
        customer_id=state.customer.id,
        started_at=now,
    )


def _reversed(refund_id: str, state: Order, now: datetime) -> tuple[Event, ...]:
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


def collection(customer_id: str) -> str:
    return f"ORDERS#{customer_id}"


def _due(state: Order) -> tuple[str, datetime] | None:
    """What has to be seen to if nobody else does: a hold, a half done reservation, a refund."""
    if state.detail_status == "pending_payment":
        return "order_hold", state.expires_at
    if state.detail_status in {"reserving", "releasing"}:
        return "order_reserving", state.updated_at + STUCK_AFTER
    if state.payment.status == "reversing":
        return "order_reversal", state.updated_at + REVERSAL_AFTER
    return None


def _listed(state: State, order_id: str) -> Listing:
    if isinstance(state, NoOrder):
        return Listing()
    return Listing(
        collection=(collection(state.customer.id), order_id),
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


ORDER = Decider[State, Command, Event](
    name="order",
    initial=NoOrder(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    state=State,
    listed=_listed,
)
