"""What is decided of the payout of a supplier's part of an order, and what that makes of it.

What the supplier should have follows from the lines and the refunds (supplier_money.py); each step moves what
it has towards that. A transfer is written down before it is made, and so is what is asked back.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from commerce.supplier_order.amounts import outstanding, revenue_of
from commerce.supplier_order.evolve_payout import paid_out
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
from commerce.supplier_order.payout import HoldReason, Transfer
from commerce.supplier_order.payout_commands import (
    FindReversal,
    FreezePayout,
    Payee,
    PayoutCommand,
    PaySupplier,
    RecordPayout,
    RecordRecall,
    RefusePayout,
    ReleasePayout,
    ResumePayout,
)
from commerce.supplier_order.state import SupplierOrder

AGAIN = timedelta(minutes=5)  # what is under way is looked at again, if Stripe's answer was lost
WAIT = timedelta(days=1)  # doubled with each try in vain
MOST_DOUBLED = 5


def pay_out(command: PayoutCommand, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:  # noqa: PLR0911 -- one line for each command
    was = state.payout
    match command:
        case PaySupplier(payee=payee):
            return _next(payee, state, now)
        case RecordPayout():
            return _sent(command, state, now)
        case RefusePayout():
            return _refused(command, state, now)
        case RecordRecall():
            return _recalled(command, state, now)
        case FindReversal():
            return _found(command, state, now)
        case ResumePayout():
            return (SupplierOrderPayoutResumed(resumed_at=now),) if was.hold else ()
        case FreezePayout(dispute_id=name):
            return (
                () if name in was.disputes else (SupplierOrderPayoutFrozen(dispute_id=name, frozen_at=now),)
            )
        case ReleasePayout(dispute_id=name):
            lifted = SupplierOrderPayoutReleased(dispute_id=name, released_at=now)
            return (lifted,) if name in was.disputes else ()
        case _:
            assert_never(command)


def falls_due(state: SupplierOrder) -> datetime | None:
    """When the hold after the delivery is over."""
    return state.delivered_at and state.delivered_at + state.payout_hold


def wakes(state: SupplierOrder) -> datetime | None:
    """When the sweep takes the next step of its payout."""
    was = state.payout
    under_way = was.sending or was.recalling
    if under_way:
        return under_way.started_at + AGAIN
    if was.due_at is None:
        return None if was.disputes else falls_due(state)
    left = outstanding(state)
    if left < 0:
        return state.updated_at if was.latest else None
    if left == 0 or was.disputes:
        return None
    return was.hold.until if was.hold else state.updated_at


def _next(payee: Payee, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    was, at = state.payout, wakes(state)
    if was.sending or was.recalling or at is None or at > now:
        return ()
    if was.due_at is None:
        due = _due(state, now)
        after = paid_out(state, due)
        payee = replace(payee, balance_cents=payee.balance_cents + due.amount_cents)
        return (due, *_pay(payee, after, now)) if outstanding(after) > 0 else (due,)
    if outstanding(state) > 0:
        return _pay(payee, state, now)
    return _take_back(was.latest, state, now) if was.latest else ()


def _due(state: SupplierOrder, now: datetime) -> SupplierOrderPayoutDue:
    sold = revenue_of(state)
    return SupplierOrderPayoutDue(
        supplier_id=state.supplier_id,
        currency=state.currency,
        revenue_cents=sold.revenue_cents,
        commission_cents=sold.commission_cents,
        amount_cents=sold.net_cents,
        due_at=now,
    )


def _pay(payee: Payee, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    blocked = _blocked(payee, state, now)
    if blocked:
        return (blocked,)
    left = outstanding(state)
    amount = max(0, min(left, payee.balance_cents))
    withheld = SupplierOrderPayoutWithheld(amount_cents=left - amount, withheld_at=now)
    begun = SupplierOrderPayoutStarted(
        number=state.payout.sent + 1,
        amount_cents=amount,
        destination=payee.stripe_account_id or "",
        started_at=now,
    )
    return (*((withheld,) if left > amount else ()), *((begun,) if amount else ()))


def _blocked(payee: Payee, state: SupplierOrder, now: datetime) -> SupplierOrderPayoutHeld | None:
    if not payee.verified:
        return _held("supplier_not_verified", state, now)
    if payee.payout_after and payee.payout_after > now:
        return _held("bank_details_changed", state, now, until=payee.payout_after)
    if payee.stripe_account_id is None:
        return _held("no_payout_account", state, now)
    return None


def _held(
    reason: HoldReason,
    state: SupplierOrder,
    now: datetime,
    *,
    until: datetime | None = None,
    number: int | None = None,
) -> SupplierOrderPayoutHeld:
    tries = state.payout.hold.tries if state.payout.hold else 0
    return SupplierOrderPayoutHeld(
        supplier_id=state.supplier_id,
        reason=reason,
        until=until or now + WAIT * 2 ** min(tries, MOST_DOUBLED),
        number=number,
        held_at=now,
    )


def _take_back(latest: Transfer, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    """From the latest transfer that has anything left; what is more than that is asked of the one before."""
    begun = SupplierOrderPayoutReversalStarted(
        number=state.payout.recalled + 1,
        transfer_id=latest.transfer_id,
        amount_cents=min(-outstanding(state), latest.left_cents),
        started_at=now,
    )
    return (begun,)


def _sent(command: RecordPayout, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    sending = state.payout.sending
    if sending is None or sending.number != command.number:
        return ()
    paid = SupplierOrderPayoutPaid(
        supplier_id=state.supplier_id,
        currency=state.currency,
        number=sending.number,
        transfer_id=command.transfer_id,
        amount_cents=sending.amount_cents,
        paid_at=now,
    )
    return (paid,)


def _refused(command: RefusePayout, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    sending = state.payout.sending
    if sending is None or sending.number != command.number:
        return ()
    return (_held("balance" if command.short else "refused", state, now, number=sending.number),)


def _recalled(command: RecordRecall, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    recalling = state.payout.recalling
    if recalling is None or recalling.number != command.number:
        return ()
    back = SupplierOrderPayoutReversed(
        supplier_id=state.supplier_id,
        currency=state.currency,
        transfer_id=recalling.transfer_id,
        amount_cents=recalling.amount_cents if command.came else 0,
        debt_cents=0 if command.came else recalling.amount_cents,
        number=recalling.number,
        reversed_at=now,
    )
    return (back,)


def _found(command: FindReversal, state: SupplierOrder, now: datetime) -> tuple[PayingOut, ...]:
    """A reversal made at Stripe is owed again, unless our own reversal is under way: then it is that one."""
    was = next((each for each in state.payout.transfers if each.transfer_id == command.transfer_id), None)
    if was is None or state.payout.recalling or command.reversed_cents <= was.reversed_cents:
        return ()
    back = SupplierOrderPayoutReversed(
        supplier_id=state.supplier_id,
        currency=state.currency,
        transfer_id=was.transfer_id,
        amount_cents=command.reversed_cents - was.reversed_cents,
        debt_cents=0,
        number=None,
        reversed_at=now,
    )
    return (back,)
