"""What is decided of a supplier's part when money goes back to the customer, and what that makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from commerce.supplier_order.amounts import never_sent, refund_cents, refundable, shipping_left
from commerce.supplier_order.lines import LineQuantity
from commerce.supplier_order.money_events import (
    Refunding,
    SupplierOrderRefunded,
    SupplierOrderRefundFailed,
    SupplierOrderRefundRequested,
)
from commerce.supplier_order.refund import RefundedUnits, RefundStatus
from commerce.supplier_order.state import SupplierLine, SupplierOrder
from troupe.domain.decider import Rejected

# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRefund:
    """Give back what was paid for these units. `shipping`: and all that is left of the shipping.

    Where nothing was sent and nothing will be, the shipping goes back in any case.
    """

    refund_id: str
    lines: tuple[LineQuantity, ...]
    shipping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefund:
    """It has gone back."""

    refund_id: str
    lines: tuple[RefundedUnits, ...]
    shipping_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRefund:
    """It has not gone back, or has come back again."""

    refund_id: str
    lines: tuple[RefundedUnits, ...]
    shipping_cents: int


type RefundCommand = AskRefund | SettleRefund | DropRefund
REFUND_COMMANDS = (AskRefund, SettleRefund, DropRefund)


def refund(command: RefundCommand, state: SupplierOrder, now: datetime) -> tuple[Refunding, ...]:
    stands = state.refunds.get(command.refund_id)
    match command:
        case AskRefund():
            return () if stands else _ask(command, state, now)
        case SettleRefund(refund_id=name, lines=lines, shipping_cents=shipping) if stands == "requested":
            settled = SupplierOrderRefunded(
                refund_id=name, lines=lines, shipping_cents=shipping, refunded_at=now
            )
            return (settled,)
        case DropRefund(refund_id=name, lines=lines, shipping_cents=shipping) if stands in {
            "requested",
            "succeeded",
        }:
            undone = stands == "succeeded"
            dropped = SupplierOrderRefundFailed(
                refund_id=name, lines=lines, shipping_cents=shipping, undone=undone, failed_at=now
            )
            return (dropped,)
        case _:
            return ()


def _ask(command: AskRefund, state: SupplierOrder, now: datetime) -> tuple[Refunding, ...]:
    found = tuple(_units(each, state) for each in command.lines)
    shipping = shipping_left(state) if command.shipping or never_sent(state) else 0
    if not shipping and not any(each.amount_cents for each in found):
        return ()
    asked = SupplierOrderRefundRequested(
        refund_id=command.refund_id, lines=found, shipping_cents=shipping, requested_at=now
    )
    return (asked,)


def _units(asked: LineQuantity, state: SupplierOrder) -> RefundedUnits:
    line = state.line(asked.line_id)
    if line is None:
        raise Rejected("unknown_line", f"It has no line {asked.line_id}.")
    if asked.quantity > refundable(line):
        left = refundable(line)
        raise Rejected("not_refundable", f"Of line {line.id}, {left} can be refunded: cancel what is unsent.")
    return RefundedUnits(
        line_id=line.id, quantity=asked.quantity, amount_cents=refund_cents(line, asked.quantity)
    )


# What that makes of it.


def refunded(state: SupplierOrder, event: Refunding) -> SupplierOrder:
    match event:
        case SupplierOrderRefundRequested(requested_at=at):
            return _moved(state, event, requested=1, done=0, at=at)
        case SupplierOrderRefunded(refunded_at=at):
            return _moved(state, event, requested=-1, done=1, at=at)
        case SupplierOrderRefundFailed(undone=True, failed_at=at):
            return _moved(state, event, requested=0, done=-1, at=at)
        case SupplierOrderRefundFailed(failed_at=at):
            return _moved(state, event, requested=-1, done=0, at=at)
        case _:
            assert_never(event)


def _moved(
    state: SupplierOrder, event: Refunding, *, requested: int, done: int, at: datetime
) -> SupplierOrder:
    """Between what is under way and what is done."""
    return replace(
        state,
        lines=tuple(_line(line, event.lines, requested, done) for line in state.lines),
        shipping_refunding_cents=state.shipping_refunding_cents + requested * event.shipping_cents,
        shipping_refunded_cents=state.shipping_refunded_cents + done * event.shipping_cents,
        refunds={**state.refunds, event.refund_id: _status(requested, done)},
        updated_at=at,
    )


def _status(requested: int, done: int) -> RefundStatus:
    if requested > 0:
        return "requested"
    return "succeeded" if done > 0 else "failed"


def _line(line: SupplierLine, units: Iterable[RefundedUnits], requested: int, done: int) -> SupplierLine:
    mine = [each for each in units if each.line_id == line.id]
    quantity, cents = sum(each.quantity for each in mine), sum(each.amount_cents for each in mine)
    return replace(
        line,
        refunding_quantity=line.refunding_quantity + requested * quantity,
        refunding_cents=line.refunding_cents + requested * cents,
        refunded_quantity=line.refunded_quantity + done * quantity,
        refunded_cents=line.refunded_cents + done * cents,
    )
