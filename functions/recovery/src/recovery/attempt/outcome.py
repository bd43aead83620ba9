"""How a recovery attempt ended: recorded once, in the transaction that ended it, under its id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recovery.attempt.state import Attempt
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339

type Outcome = Literal["recovered", "failed", "abandoned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryOutcomeRecorded:
    workspace_id: str
    recovery_attempt_id: str
    outcome: Outcome
    reason_code: str | None
    occurred_at: datetime
    amount_due_cents: int
    recovered_amount_cents: int | None
    currency: str
    attribution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryOutcome:
    """Of what went back later the attempt tells: the outcome stays what it was."""

    workspace_id: str
    recovery_attempt_id: str
    outcome: Outcome
    reason_code: str | None
    occurred_at: datetime
    amount_due_cents: int
    recovered_amount_cents: int | None
    currency: str
    attribution: str | None = None
    state: Literal["outcome"] = "outcome"


def begin(event: RecoveryOutcomeRecorded) -> RecoveryOutcome:
    return RecoveryOutcome(
        workspace_id=event.workspace_id,
        recovery_attempt_id=event.recovery_attempt_id,
        outcome=event.outcome,
        reason_code=event.reason_code,
        occurred_at=event.occurred_at,
        amount_due_cents=event.amount_due_cents,
        recovered_amount_cents=event.recovered_amount_cents,
        currency=event.currency,
        attribution=event.attribution,
    )


def evolve(state: RecoveryOutcome, event: RecoveryOutcomeRecorded) -> RecoveryOutcome:  # noqa: ARG001 -- the first one stands
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRecoveryOutcome:
    """Of an attempt as it stands after its end."""

    recovery_attempt_id: str
    attempt: Attempt


def create(command: RecordRecoveryOutcome, _context: Context) -> tuple[RecoveryOutcomeRecorded, ...]:
    attempt = command.attempt
    if attempt.status == "pending" or not attempt.ended_at:
        raise Rejected("attempt_pending", "What has not ended has no outcome.")
    recorded = RecoveryOutcomeRecorded(
        workspace_id=attempt.workspace_id,
        recovery_attempt_id=command.recovery_attempt_id,
        outcome=attempt.status,
        reason_code=attempt.end_reason,
        occurred_at=attempt.ended_at,
        amount_due_cents=attempt.amount_due_cents,
        recovered_amount_cents=attempt.recovered_amount_cents,
        currency=attempt.currency,
        attribution=attempt.attribution,
    )
    return (recorded,)


def decide(
    command: RecordRecoveryOutcome, state: RecoveryOutcome, _context: Context
) -> tuple[RecoveryOutcomeRecorded, ...]:
    if (state.outcome, state.occurred_at) != (command.attempt.status, command.attempt.ended_at):
        raise Rejected("outcome_recorded", "An outcome never changes.")
    return ()


def collection(workspace_id: str) -> str:
    """The list of a workspace's outcomes, by when the attempts ended."""
    return f"RECOVERY_OUTCOMES#{workspace_id}"


def _listed(state: RecoveryOutcome, outcome_id: str) -> Listing:
    at = rfc3339(state.occurred_at)
    summary = {
        "workspace_id": state.workspace_id,
        "recovery_attempt_id": state.recovery_attempt_id,
        "outcome": state.outcome,
        "reason_code": state.reason_code,
        "occurred_at": at,
        "amount_due_cents": state.amount_due_cents,
        "recovered_amount_cents": state.recovered_amount_cents,
        "currency": state.currency,
        "attribution": state.attribution,
    }
    return Listing(collection=(collection(state.workspace_id), f"{at}#{outcome_id}"), summary=summary)


RECOVERY_OUTCOME = Decider[RecoveryOutcome, RecordRecoveryOutcome, RecoveryOutcomeRecorded](
    name="recovery_outcome",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("recovery_outcome", RecoveryOutcomeRecorded),
    state=RecoveryOutcome,
    listed=_listed,
)
