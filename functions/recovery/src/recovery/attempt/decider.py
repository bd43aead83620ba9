"""A recovery attempt: one unpaid invoice, being won back. Pending, then recovered, failed or abandoned."""

from typing import Any, assert_never

from recovery.attempt import step_schedule
from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    AttemptCommand,
    ChangeAmount,
    ChangePaymentMethod,
    ClaimRetry,
    ClaimStep,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    MigrateAttempt,
    PostponeRetry,
    PostponeStep,
    RecordLatePayment,
    RecordPaymentAttempt,
    RecordStepClicked,
    RecordStepOpened,
    RecordStepSent,
    ReleaseRetry,
    ReleaseStep,
    ResumeRecoveryAttempt,
    ReverseRecovery,
    SkipStep,
    StartRecoveryAttempt,
)
from recovery.attempt.decide_end import decide_end, decide_hold
from recovery.attempt.decide_payment import decide_payment
from recovery.attempt.decide_retry import decide_retry_command
from recovery.attempt.decide_step import decide_step
from recovery.attempt.events import AttemptEvent, AttemptStarted
from recovery.attempt.evolve import begin, evolve
from recovery.attempt.next_action import due_at
from recovery.attempt.state import Attempt
from troupe.domain.decider import Context, Decider, Invalid, Listing, events_of
from troupe.domain.instants import rfc3339


def decide(command: AttemptCommand, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    match command:
        case (
            RecordPaymentAttempt()
            | ChangePaymentMethod()
            | ChangeAmount()
            | RecordLatePayment()
            | ReverseRecovery()
        ):
            return decide_payment(command, state, context)
        case ClaimRetry() | ReleaseRetry() | PostponeRetry():
            return decide_retry_command(command, state, context)
        case (
            ClaimStep()
            | ReleaseStep()
            | PostponeStep()
            | SkipStep()
            | RecordStepSent()
            | RecordStepOpened()
            | RecordStepClicked()
        ):
            return decide_step(command, state, context)
        case HoldRecoveryAttempt() | ResumeRecoveryAttempt() | MigrateAttempt():
            return decide_hold(command, state, context)
        case MarkRecovered() | MarkFailed() | AbandonRecoveryAttempt():
            return decide_end(command, state, context)
        case _:
            assert_never(command)


def create(command: StartRecoveryAttempt, _context: Context) -> tuple[AttemptEvent, ...]:
    if command.amount_due_cents <= 0:
        raise Invalid("nothing_due", "There is nothing to be won back.", "amount_due_cents")
    sequence = command.sequence
    started = AttemptStarted(
        workspace_id=command.workspace_id,
        stripe_account_id=command.stripe_account_id,
        stripe_invoice_id=command.stripe_invoice_id,
        stripe_customer_id=command.stripe_customer_id,
        stripe_subscription_id=command.stripe_subscription_id,
        invoice_number=command.invoice_number,
        currency=command.currency,
        amount_due_cents=command.amount_due_cents,
        started_at=command.started_at,
        sequence=sequence,
        steps=step_schedule.planned(command.steps, sequence, command.started_at) if sequence else (),
        terms=command.terms,
        card=command.card,
    )
    return (started,)


def collection(workspace_id: str, status: str) -> str:
    """The list of a workspace's attempts of one status."""
    return f"RECOVERY_ATTEMPTS#{workspace_id}#{status.upper()}"


def _listed(state: Attempt, attempt_id: str) -> Listing:
    """By when they started, or ended; due at what is to be done next."""
    due = due_at(state)
    return Listing(
        collection=(
            collection(state.workspace_id, state.status),
            f"{rfc3339(state.ended_at or state.started_at)}#{attempt_id}",
        ),
        due=("recovery_attempt", due) if due else None,
        summary=_summary(state),
    )


def _summary(state: Attempt) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "workspace_id": state.workspace_id,
        "stripe_account_id": state.stripe_account_id,
        "stripe_invoice_id": state.stripe_invoice_id,
        "stripe_customer_id": state.stripe_customer_id,
        "decline_type": state.decline_type,
        "status": state.status,
        "amount_due_cents": state.amount_due_cents,
        "amount_remaining_cents": state.amount_remaining_cents,
        "currency": state.currency,
        "started_at": rfc3339(state.started_at),
    }
    more = {
        "recovered_amount_cents": state.recovered_amount_cents,
        "ended_at": state.ended_at and rfc3339(state.ended_at),
        "end_reason": state.end_reason,
        "held_at": state.held_at and rfc3339(state.held_at),
        "sequence_id": state.sequence and state.sequence.id,
        "edition": state.sequence and state.sequence.edition,
    }
    return summary | {name: value for name, value in more.items() if value is not None}


RECOVERY_ATTEMPT = Decider[Attempt, StartRecoveryAttempt | AttemptCommand, AttemptEvent](
    name="recovery_attempt",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("recovery_attempt", AttemptEvent, "Attempt", "Recovery"),
    state=Attempt,
    listed=_listed,
)
