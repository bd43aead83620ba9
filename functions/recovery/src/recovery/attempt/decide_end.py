"""How a recovery attempt ends: recovered, failed or abandoned, all final; and how it is held and resumed."""

from typing import assert_never

from recovery.attempt import step_schedule
from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    Ending,
    Holding,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    MigrateAttempt,
    ResumeRecoveryAttempt,
)
from recovery.attempt.events import (
    AttemptAbandoned,
    AttemptEvent,
    AttemptFailed,
    AttemptHeld,
    AttemptMigrated,
    AttemptRecovered,
    AttemptResumed,
)
from recovery.attempt.next_action import Abandon, Fail, next_action
from recovery.attempt.state import Attempt, Hold, RecoveryStatus
from recovery.attempt.step_events import StepConverted, StepSkipped
from troupe.domain.decider import Context, Rejected
from troupe.domain.lifecycle import Transitions

LIFECYCLE = Transitions[RecoveryStatus](
    {
        "pending": frozenset({"recovered", "failed", "abandoned"}),
        "recovered": frozenset(),
        "failed": frozenset(),
        "abandoned": frozenset(),
    }
)
ENDS_BY_ITSELF = frozenset({"account_disconnected", "workspace_inactive"})


def decide_end(command: Ending, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    """An end that it has come to already is no event; another is refused."""
    match command:
        case MarkRecovered():
            to: RecoveryStatus = "recovered"
        case MarkFailed():
            to = "failed"
        case AbandonRecoveryAttempt():
            to = "abandoned"
        case _:
            assert_never(command)
    if state.status == to:
        return ()
    LIFECYCLE.check(state.status, to)
    return _end(command, state, context)


def _end(command: Ending, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    match command:
        case MarkRecovered():
            return _recover(command, state)
        case MarkFailed():
            _check_charging(state, context)
            if command.reason != "requested":
                _check_planned(Fail(reason=command.reason), state, context)
            failed = AttemptFailed(reason=command.reason, failed_at=command.failed_at or context.now)
            return (*_skipped(state, command.reason), failed)
        case AbandonRecoveryAttempt(reason=reason, abandoned_at=at, planned=planned):
            if planned:
                _check_planned(Abandon(reason=reason), state, context)
            abandoned = AttemptAbandoned(reason=reason, abandoned_at=at or context.now)
            return (*_skipped(state, reason), abandoned)
        case _:
            assert_never(command)


def _recover(command: MarkRecovered, state: Attempt) -> tuple[AttemptEvent, ...]:
    amount = min(command.recovered_amount_cents, state.amount_due_cents)
    if amount <= 0:
        raise Rejected("nothing_paid", "Without a payment nothing is recovered.")
    sent = [step for step in state.steps if step.sent_at and step.sent_at <= command.recovered_at]
    last = max(sent, key=lambda step: step.sent_at or command.recovered_at, default=None)
    converted = (StepConverted(step_id=last.id, converted_at=command.recovered_at),) if last else ()
    recovered = AttemptRecovered(
        recovered_amount_cents=amount,
        recovered_at=command.recovered_at,
        reason=command.reason,
        attribution=command.attribution,
        evidence=command.evidence,
    )
    return (*converted, *_skipped(state, "recovered"), recovered)


def _check_charging(state: Attempt, context: Context) -> None:
    retry = state.retry
    if retry and retry.claimed_until and retry.claimed_until > context.now:
        raise Rejected("retry_claimed", "The card is being charged just now.")


def _check_planned(end: Fail | Abandon, state: Attempt, context: Context) -> None:
    """What a flow asks for has to be so still: something may have happened since it looked."""
    if next_action(state, context.now) != end:
        raise Rejected("not_planned", "There is something else to be done first.")


def _skipped(state: Attempt, reason: str) -> tuple[StepSkipped, ...]:
    return tuple(StepSkipped(step_id=step.id, reason=reason) for step in state.steps if step.open)


def decide_hold(command: Holding, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    if not state.pending:
        raise Rejected("attempt_ended", "The attempt has ended.")
    match command:
        case HoldRecoveryAttempt(reason=reason, held_at=at, until=until):
            held = AttemptHeld(reason=reason, held_at=at or context.now, until=until)
            same = any((each.reason, each.until) == (reason, until) for each in state.holds)
            return () if same else (held,)
        case ResumeRecoveryAttempt():
            return _resume(command, state, context)
        case MigrateAttempt():
            return _migrate(command, state, context)
        case _:
            assert_never(command)


def _resume(command: ResumeRecoveryAttempt, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    stays = [each for each in state.holds if not _lifts(command, each)]
    if len(stays) == len(state.holds):
        return _not_lifted(command, state)
    if stays:
        return (_still_held(stays[-1], [each for each in state.holds if each not in stays]),)
    now = command.resumed_at or context.now
    resumed = AttemptResumed(
        resumed_at=now,
        steps=step_schedule.resumed(state, now),
        retry_at=max(state.retry.at, now) if state.retry else None,
    )
    return (resumed,)


def _lifts(command: ResumeRecoveryAttempt, hold: Hold) -> bool:
    return hold.reason == command.reason or (command.reason is None and hold.reason not in ENDS_BY_ITSELF)


def _not_lifted(command: ResumeRecoveryAttempt, state: Attempt) -> tuple[AttemptEvent, ...]:
    if state.holds and command.reason is None:
        raise Rejected("hold_not_released", "It is held until its account or its workspace is there again.")
    return ()


def _still_held(hold: Hold, lifted: list[Hold]) -> AttemptHeld:
    gone = tuple(each.reason for each in lifted)
    return AttemptHeld(reason=hold.reason, held_at=hold.held_at, until=hold.until, instead_of=gone)


def _migrate(command: MigrateAttempt, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    if state.sequence == command.sequence:
        return ()
    if any(step.open and step.claimed_until for step in state.steps):
        raise Rejected("step_claimed", "A step is being sent just now.")
    steps = step_schedule.carried(state, command.sequence, command.steps, context.now)
    return (AttemptMigrated(sequence=command.sequence, steps=steps, reason=command.reason),)
