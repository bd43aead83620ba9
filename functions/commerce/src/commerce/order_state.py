"""An order as it stands: what its events make of it. Its lines' snapshots stand apart, and never change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, assert_never

from commerce.attribution import Share, shares_of
from commerce.order_events import (
    Event,
    Later,
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
)
from commerce.order_words import SHOWN, Address, Customer, DetailStatus, Ended, Reason, Status
from commerce.pricing import Totals

type Hold = Literal["held", "released", "consumed"]
type PaymentStatus = Literal["none", "started", "failed", "succeeded", "mismatch", "reversing", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One PaymentIntent, confirmed as often as it takes; another only if that one is called off."""

    status: PaymentStatus = "none"
    attempt: int = 0
    payment_method: str | None = None
    payment_intent_id: str | None = None
    captured_cents: int = 0
    refunded_cents: int = 0
    code: str | None = None
    decline_code: str | None = None
    reversal_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A line of the timeline."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOrder:
    state: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`histogram` counts the lines by their states; `done_chunks` are those whose stock is reserved."""

    customer: Customer
    address: Address
    totals: Totals
    shipping: Mapping[str, int]
    supplier_orders: tuple[str, ...]
    line_count: int
    detail_status: DetailStatus
    histogram: Mapping[str, int]
    budgets: tuple[str, ...]
    chunks: int | None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
    hold: Hold = "held"
    payment: Payment = field(default_factory=Payment)
    done_chunks: tuple[int, ...] = ()
    ends: Ended | None = None  # while its stock goes back
    reason: Reason | None = None
    timeline: tuple[Moment, ...] = ()
    shares: tuple[Share, ...] = ()  # of its total, by what it was found
    state: Literal["order"] = "order"

    @property
    def status(self) -> Status:
        return SHOWN[self.detail_status]


type State = NoOrder | Order


def evolve(state: State, event: Event) -> State:
    if isinstance(event, OrderCreated):
        return _created(event)
    return state if isinstance(state, NoOrder) else _evolve(state, event)


def _created(event: OrderCreated) -> Order:
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
        created_at=event.created_at,
        updated_at=event.created_at,
        timeline=(Moment(what=status, at=event.created_at),),
        shares=shares_of(event.lines, event.totals.shipping_cents),
    )


def _evolve(state: Order, event: Later) -> Order:  # noqa: PLR0911 -- one line for each kind of event
    match event:
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
            return _ended(_became(state, "cancelled", at), reason)
        case OrderRevived(budgets=budgets, revived_at=at):
            held = {"reserved": state.line_count}
            revived = replace(state, hold="held", histogram=held, budgets=budgets, ends=None, reason=None)
            return _noted(revived, "revived", at)
        case OrderConfirmed(confirmed_at=at):
            return _became(state, "paid", at)
        case _:
            return _pay(state, event)


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
