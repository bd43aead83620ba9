"""Folds events into the state of a recovery attempt. It fails for no event."""

from dataclasses import replace
from typing import assert_never

from recovery.attempt.events import (
    AmountChanged,
    AttemptAbandoned,
    AttemptFailed,
    AttemptHeld,
    AttemptMigrated,
    AttemptRecovered,
    AttemptResumed,
    AttemptStarted,
    CardData,
    Later,
    PaymentAttempted,
    PaymentMethodChanged,
    PaymentRecorded,
    RecoveryReversed,
    RetriesStopped,
    RetryClaimed,
    RetryPostponed,
    RetryReleased,
    RetryScheduled,
)
from recovery.attempt.state import Attempt, Card, Hold, Retry, Step
from recovery.attempt.step_events import (
    StepClaimed,
    StepClicked,
    StepConverted,
    StepEvent,
    StepOpened,
    StepPlan,
    StepPostponed,
    StepReleased,
    StepSent,
    StepSkipped,
    StepStatus,
)

type _OfRetry = RetryScheduled | RetriesStopped | RetryClaimed | RetryReleased | RetryPostponed
type _OfMoney = PaymentAttempted | PaymentMethodChanged | AmountChanged | PaymentRecorded | RecoveryReversed
type _OfPlan = AttemptHeld | AttemptResumed | AttemptMigrated
type _OfEnd = AttemptRecovered | AttemptFailed | AttemptAbandoned

FORWARD: tuple[StepStatus, ...] = ("scheduled", "sent", "opened", "clicked", "converted")


def begin(event: AttemptStarted) -> Attempt:
    return Attempt(
        workspace_id=event.workspace_id,
        stripe_account_id=event.stripe_account_id,
        stripe_invoice_id=event.stripe_invoice_id,
        stripe_customer_id=event.stripe_customer_id,
        stripe_subscription_id=event.stripe_subscription_id,
        invoice_number=event.invoice_number,
        currency=event.currency,
        amount_due_cents=event.amount_due_cents,
        amount_remaining_cents=event.amount_due_cents,
        started_at=event.started_at,
        terms=event.terms,
        sequence=event.sequence,
        steps=_fresh(event.steps),
        card=_card(event.card) if event.card else None,
        plan_number=1,
    )


def evolve(state: Attempt, event: Later) -> Attempt:
    match event:
        case PaymentAttempted() | PaymentMethodChanged() | AmountChanged():
            return _money(state, event)
        case PaymentRecorded() | RecoveryReversed():
            return _money(state, event)
        case RetryScheduled() | RetriesStopped() | RetryClaimed() | RetryReleased() | RetryPostponed():
            return _retry(state, event)
        case AttemptHeld() | AttemptResumed() | AttemptMigrated():
            return _plan(state, event)
        case AttemptRecovered() | AttemptFailed() | AttemptAbandoned():
            return _end(state, event)
        case _:
            return _steps(state, event)


def _fresh(plans: tuple[StepPlan, ...]) -> tuple[Step, ...]:
    return tuple(Step(id=each.id, delay_hours=each.delay_hours, due_at=each.due_at) for each in plans)


def _card(card: CardData) -> Card:
    return Card(
        payment_method_id=card.payment_method_id,
        fingerprint=card.fingerprint,
        brand=card.brand,
        last4=card.last4,
        expires=card.expires,
    )


def _money(state: Attempt, event: _OfMoney) -> Attempt:
    match event:
        case PaymentAttempted():
            return _attempted(state, event)
        case PaymentMethodChanged():
            return _changed_card(state, event)
        case AmountChanged(amount_remaining_cents=remaining, credited_cents=credited, paid_cents=paid):
            return replace(state, amount_remaining_cents=remaining, credited_cents=credited, paid_cents=paid)
        case PaymentRecorded(amount_cents=paid):
            return replace(state, paid_cents=paid)
        case RecoveryReversed(reversed_amount_cents=amount):
            return replace(state, reversed_amount_cents=amount)
        case _:
            assert_never(event)


def _attempted(state: Attempt, event: PaymentAttempted) -> Attempt:
    charge, retry, number = event.charge, state.retry, event.retry_number
    others = [each for each in state.charges if each.id != charge.id]
    charges = tuple(sorted([*others, charge], key=lambda each: (each.at, each.id)))
    made = retry is not None and retry.number == number
    attempted = replace(
        state,
        charges=charges,
        retry=None if made else retry,
        retries_numbered=max(state.retries_numbered, number or 0),
    )
    latest = all(each.at <= charge.at for each in others if each.status == "failed")
    return _declined(attempted, event, latest=latest)


def _declined(state: Attempt, event: PaymentAttempted, *, latest: bool) -> Attempt:
    """The latest decline counts; but once a card is never to be tried again, that is what counts of it."""
    classified = event.classification
    if classified is None:
        return state
    this_card = state.card is None or event.charge.fingerprint in {None, state.card.fingerprint}
    if classified.never and this_card:
        return replace(state, decline=event.decline, classification=classified, never_rule=classified.rule)
    if not latest or (state.never_rule and this_card):
        return state
    return replace(state, decline=event.decline, classification=classified)


def _changed_card(state: Attempt, event: PaymentMethodChanged) -> Attempt:
    card = Card(
        payment_method_id=event.payment_method_id,
        fingerprint=event.fingerprint,
        brand=event.brand,
        last4=event.last4,
        expires=event.expires,
        changed_at=event.changed_at,
    )
    return replace(state, card=card, never_rule=state.never_rule if event.same_card else None)


def _retry(state: Attempt, event: _OfRetry) -> Attempt:
    retry = state.retry or Retry(number=state.retries_numbered + 1, at=state.started_at)
    match event:
        case RetryScheduled(number=number, retry_at=at):
            changed_at = state.card.changed_at if state.card else None
            planned = replace(
                state,
                retry=Retry(number=number, at=at),
                retries_stopped=None,
                retried_at_once_at=changed_at if event.at_once else state.retried_at_once_at,
            )
            return _replanned(planned)
        case RetriesStopped(reason=reason):
            return replace(state, retry=None, retries_stopped=reason)
        case RetryClaimed():
            claimed = replace(
                retry,
                number=event.number,
                idempotency_key=event.idempotency_key,
                claimed_at=event.claimed_at,
                claimed_until=event.claimed_until,
                fingerprint=event.fingerprint,
                by_person=event.by_person,
            )
            return replace(state, retry=claimed)
        case RetryReleased():
            return _replanned(_released(state, retry, event))
        case RetryPostponed(retry_at=at):
            return replace(state, retry=replace(retry, at=at))
        case _:
            assert_never(event)


def _released(state: Attempt, retry: Retry, event: RetryReleased) -> Attempt:
    if event.retry_at and not event.spent:
        later = replace(retry, at=event.retry_at, claimed_at=None, claimed_until=None)
        return replace(state, retry=later)
    spent = max(state.retries_numbered, event.number)
    after = Retry(number=spent + 1, at=event.retry_at) if event.retry_at else None
    return replace(state, retry=after, retries_numbered=spent)


def _replanned(state: Attempt) -> Attempt:
    return replace(state, plan_number=state.plan_number + 1)


def _steps(state: Attempt, event: StepEvent) -> Attempt:
    steps = tuple(_step(step, event) if step.id == event.step_id else step for step in state.steps)
    if not isinstance(event, StepSent):
        return replace(state, steps=steps)
    sent = dict.fromkeys((*state.sent_step_ids, event.step_id))
    return replace(state, steps=_moved(steps, event.moved), sent_step_ids=tuple(sent))


def _moved(steps: tuple[Step, ...], plans: tuple[StepPlan, ...]) -> tuple[Step, ...]:
    due = {plan.id: plan.due_at for plan in plans}
    return tuple(replace(step, due_at=due.get(step.id, step.due_at)) for step in steps)


def _step(step: Step, event: StepEvent) -> Step:  # noqa: PLR0911 -- one for each event
    match event:
        case StepClaimed(claimed_until=until):
            return replace(step, claimed_until=until)
        case StepReleased():
            return replace(step, claimed_until=None)
        case StepPostponed(due_at=at):
            return replace(step, due_at=at)
        case StepSkipped(reason=reason):
            return replace(step, skipped_reason=reason)
        case StepSent(sent_at=at):
            sent = replace(step, sent_at=at, claimed_until=None, skipped_reason=None)
            return _forward(sent, "sent")
        case StepOpened(opened_at=at):
            return _forward(replace(step, opened_at=step.opened_at or at), "opened")
        case StepClicked(clicked_at=at):
            return _forward(replace(step, clicked_at=step.clicked_at or at), "clicked")
        case StepConverted(converted_at=at):
            return _forward(replace(step, converted_at=at), "converted")
        case _:
            assert_never(event)


def _forward(step: Step, to: StepStatus) -> Step:
    """A status moves forward only, and may jump."""
    return replace(step, status=max(step.status, to, key=FORWARD.index))


def _plan(state: Attempt, event: _OfPlan) -> Attempt:
    match event:
        case AttemptHeld():
            return _held(state, event)
        case AttemptResumed(steps=plans, retry_at=at):
            retry = state.retry and replace(state.retry, at=at or state.retry.at)
            resumed = replace(_free(state), steps=_moved(state.steps, plans), retry=retry)
            return _replanned(resumed)
        case AttemptMigrated(sequence=sequence, steps=plans):
            settled = tuple(step for step in state.steps if not step.open)
            return _replanned(replace(state, sequence=sequence, steps=(*settled, *_fresh(plans))))
        case _:
            assert_never(event)


def _held(state: Attempt, event: AttemptHeld) -> Attempt:
    hold = Hold(reason=event.reason, held_at=event.held_at, until=event.until)
    gone = {event.reason, *event.instead_of}
    holds = (*(each for each in state.holds if each.reason not in gone), hold)
    return replace(state, holds=holds, held_at=hold.held_at, held_reason=hold.reason, held_until=hold.until)


def _free(state: Attempt) -> Attempt:
    return replace(state, holds=(), held_at=None, held_reason=None, held_until=None)


def _end(state: Attempt, event: _OfEnd) -> Attempt:
    over = replace(_free(state), retry=None)
    match event:
        case AttemptRecovered(recovered_amount_cents=amount, recovered_at=at):
            return replace(
                over,
                status="recovered",
                recovered_amount_cents=amount,
                paid_cents=max(amount, state.paid_cents),
                attribution=event.attribution,
                ended_at=at,
                end_reason=event.reason,
            )
        case AttemptFailed(failed_at=at):
            return replace(over, status="failed", ended_at=at, end_reason=event.reason)
        case AttemptAbandoned(abandoned_at=at):
            return replace(over, status="abandoned", ended_at=at, end_reason=event.reason)
        case _:
            assert_never(event)
