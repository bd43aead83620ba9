"""What is learnt of payments: charges, another card, another amount, money that comes late or goes back."""

from datetime import timedelta
from typing import assert_never

from recovery.attempt.commands import (
    ChangeAmount,
    ChangePaymentMethod,
    Paying,
    Planning,
    RecordLatePayment,
    RecordPaymentAttempt,
    ReverseRecovery,
)
from recovery.attempt.events import (
    AmountChanged,
    AttemptEvent,
    CardData,
    PaymentAttempted,
    PaymentMethodChanged,
    PaymentRecorded,
    RecoveryReversed,
)
from recovery.attempt.evolve import evolve
from recovery.attempt.retry_schedule import just_retried_at_once, plan_retry
from recovery.attempt.state import Attempt, Card
from recovery.policy.decline import Decline, classify
from troupe.domain.decider import Context, Rejected

CLOCKS_APART = timedelta(minutes=1)  # Stripe's, of whole seconds, and ours


def decide_payment(command: Paying, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    match command:
        case RecordPaymentAttempt():
            return _attempted(command, state, context)
        case ChangePaymentMethod():
            return _changed_card(command, state, context)
        case ChangeAmount():
            return _changed_amount(command, state)
        case RecordLatePayment(amount_cents=amount, paid_at=at):
            if state.pending:
                raise Rejected("attempt_pending", "A payment of a pending attempt is no late one.")
            recorded = PaymentRecorded(amount_cents=amount, paid_at=at)
            return (recorded,) if amount > state.paid_cents else ()
        case ReverseRecovery():
            return _reverse(command, state, context)
        case _:
            assert_never(command)


def _attempted(command: RecordPaymentAttempt, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    """A charge is recorded once, and once more when one that was under way is over."""
    charge = command.charge
    known = next((each for each in state.charges if each.id == charge.id), None)
    if known and (known.status != "pending" or charge.status == "pending"):
        return ()
    overrides = command.planning.decline_overrides if command.planning else ()
    failed = charge.status == "failed"
    attempted = PaymentAttempted(
        charge=charge,
        decline=command.decline,
        classification=classify(command.decline or Decline(), overrides) if failed else None,
        retry_number=_number(command, state),
    )
    after = evolve(state, attempted)
    if not failed or command.planning is None:
        return (attempted,)
    if charge.initiator == "customer" and (after.retry or after.retries_stopped):
        return (attempted,)  # what a customer tries in vain changes nothing of ours (S-14)
    return (attempted, *_planned(after, command.planning, context))


def _number(command: RecordPaymentAttempt, state: Attempt) -> int | None:
    """Of our retry that it was; one that we made ourselves, while one was claimed, was that."""
    retry, charge = state.retry, command.charge
    if command.retry_number is not None or charge.initiator != "troupe":
        return command.retry_number
    claimed_at = retry and retry.claimed_at
    return retry.number if retry and claimed_at and charge.at >= claimed_at - CLOCKS_APART else None


def _planned(state: Attempt, planning: Planning, context: Context) -> tuple[AttemptEvent, ...]:
    """Nothing is planned for what has ended, nor while the card is being charged: what comes of it plans."""
    if not state.pending or (state.retry and state.retry.claimed_until):
        return ()
    return (plan_retry(state, planning, context.now),)


def _changed_card(command: ChangePaymentMethod, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    was, card = state.card, command.card
    if not state.pending or (was and _data(was) == card):
        return ()
    changed = PaymentMethodChanged(
        payment_method_id=card.payment_method_id,
        fingerprint=card.fingerprint,
        brand=card.brand,
        last4=card.last4,
        expires=card.expires,
        changed_at=command.changed_at,
        automatically=command.automatically,
        same_card=was is not None and card.fingerprint is not None and was.fingerprint == card.fingerprint,
    )
    after = evolve(state, changed)
    if state.retry and just_retried_at_once(state, command.changed_at):
        return (changed,)  # the retry that is planned charges the card that there is then
    return (changed, *_planned(after, command.planning, context))


def _data(card: Card) -> CardData:
    return CardData(
        payment_method_id=card.payment_method_id,
        fingerprint=card.fingerprint,
        brand=card.brand,
        last4=card.last4,
        expires=card.expires,
    )


def _changed_amount(command: ChangeAmount, state: Attempt) -> tuple[AttemptEvent, ...]:
    """What was paid only grows; a credit note may be voided."""
    paid = max(command.paid_cents, state.paid_cents)
    now = (command.amount_remaining_cents, command.credited_cents, paid)
    if not state.pending or now == (state.amount_remaining_cents, state.credited_cents, state.paid_cents):
        return ()
    changed = AmountChanged(
        amount_remaining_cents=command.amount_remaining_cents,
        credited_cents=command.credited_cents,
        paid_cents=paid,
        reason="partly_paid" if paid > state.paid_cents else "credited",
    )
    return (changed,)


def _reverse(command: ReverseRecovery, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    if state.recovered_amount_cents is None:
        raise Rejected("not_recovered", "Only what was recovered can go back.")
    total = min(command.reversed_amount_cents, state.recovered_amount_cents)
    if total <= state.reversed_amount_cents:
        return ()
    at = command.reversed_at or context.now
    return (RecoveryReversed(reversed_amount_cents=total, reason=command.reason, reversed_at=at),)
