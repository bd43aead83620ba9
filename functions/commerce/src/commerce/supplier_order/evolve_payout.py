"""What the events of a payout make of a supplier's part of an order."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from commerce.supplier_order.money_events import (
    PayingOut,
    SupplierOrderPayoutDue,
    SupplierOrderPayoutFrozen,
    SupplierOrderPayoutHeld,
    SupplierOrderPayoutPaid,
    SupplierOrderPayoutReleased,
    SupplierOrderPayoutResumed,
    SupplierOrderPayoutReversalStarted,
    SupplierOrderPayoutReversed,
    SupplierOrderPayoutStarted,
    SupplierOrderPayoutWithheld,
)
from commerce.supplier_order.payout import Hold, Payout, Recalling, Sending, Transfer
from commerce.supplier_order.state import SupplierOrder

RETURNED = timedelta(days=1)  # what was sent back to us is not sent again at once


def paid_out(state: SupplierOrder, event: PayingOut) -> SupplierOrder:
    payout, at = _after(state.payout, event)
    return replace(state, payout=payout, updated_at=at)


def _after(was: Payout, event: PayingOut) -> tuple[Payout, datetime]:  # noqa: C901, PLR0911 -- one line for each kind of event
    match event:
        case SupplierOrderPayoutDue(due_at=at):
            return replace(was, due_at=at), at
        case SupplierOrderPayoutWithheld(amount_cents=amount, withheld_at=at):
            return replace(was, hold=None, withheld_cents=was.withheld_cents + amount), at
        case SupplierOrderPayoutStarted(number=number, amount_cents=amount, destination=to, started_at=at):
            sending = Sending(number=number, amount_cents=amount, destination=to, started_at=at)
            return replace(was, sent=number, sending=sending), at
        case SupplierOrderPayoutPaid(number=number, transfer_id=name, amount_cents=amount, paid_at=at):
            made = Transfer(number=number, transfer_id=name, amount_cents=amount)
            return replace(was, transfers=(*was.transfers, made), sending=None, hold=None), at
        case SupplierOrderPayoutHeld(reason=reason, until=until, held_at=at):
            tries = was.hold.tries + 1 if was.hold else 1
            return replace(was, hold=Hold(reason=reason, until=until, tries=tries), sending=None), at
        case SupplierOrderPayoutResumed(resumed_at=at):
            return replace(was, hold=None), at
        case SupplierOrderPayoutFrozen(dispute_id=name, frozen_at=at):
            return replace(was, disputes=(*was.disputes, name)), at
        case SupplierOrderPayoutReleased(dispute_id=name, released_at=at):
            return replace(was, disputes=tuple(each for each in was.disputes if each != name)), at
        case SupplierOrderPayoutReversalStarted(
            number=number, transfer_id=name, amount_cents=amount, started_at=at
        ):
            recalling = Recalling(number=number, transfer_id=name, amount_cents=amount, started_at=at)
            return replace(was, recalled=number, recalling=recalling), at
        case SupplierOrderPayoutReversed(reversed_at=at):
            return _reversed(was, event), at
        case _:
            assert_never(event)


def _reversed(was: Payout, event: SupplierOrderPayoutReversed) -> Payout:
    transfers = tuple(
        replace(each, reversed_cents=each.reversed_cents + event.amount_cents)
        if each.transfer_id == event.transfer_id
        else each
        for each in was.transfers
    )
    debt = was.debt_cents + event.debt_cents
    if event.number is not None:
        return replace(was, transfers=transfers, debt_cents=debt, recalling=None)
    hold = Hold(reason="returned", until=event.reversed_at + RETURNED, tries=1)
    return replace(was, transfers=transfers, debt_cents=debt, hold=hold)
