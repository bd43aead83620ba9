"""Sending the steps of a recovery attempt: claimed, then sent, or given back. No step is sent twice."""

from datetime import datetime, timedelta
from typing import assert_never

from recovery.attempt import step_schedule
from recovery.attempt.commands import (
    ClaimStep,
    PostponeStep,
    RecordStepClicked,
    RecordStepOpened,
    RecordStepSent,
    ReleaseStep,
    SkipStep,
    Stepping,
)
from recovery.attempt.events import AttemptEvent
from recovery.attempt.next_action import next_step
from recovery.attempt.state import Attempt, Step
from recovery.attempt.step_events import (
    StepClaimed,
    StepClicked,
    StepOpened,
    StepPostponed,
    StepReleased,
    StepSent,
    StepSkipped,
)
from troupe.domain.decider import Context, Rejected

LATEST_FACTS = timedelta(seconds=60)  # what Stripe said may be that old when something is claimed


def decide_step(command: Stepping, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    step = next((each for each in state.steps if each.id == command.step_id), None)
    if step is None:
        raise Rejected("unknown_step", "The attempt has no such step.")
    match command:
        case RecordStepSent():
            return _sent(command, state, step)
        case RecordStepOpened() | RecordStepClicked():
            return _touched(command, step, context)
        case ClaimStep():
            return _claim(command, state, step, context)
        case ReleaseStep():
            released = StepReleased(step_id=step.id, reason=command.reason)
            return (released,) if step.claimed_until else ()
        case SkipStep() | PostponeStep():
            return _put_off(command, state, step, context)
        case _:
            assert_never(command)


def _claim(command: ClaimStep, state: Attempt, step: Step, context: Context) -> tuple[AttemptEvent, ...]:
    check_acting(state, command.fetched_at, context)
    if not step.open or step.id in state.sent_step_ids:
        raise Rejected("step_settled", "The step is sent or skipped.")
    if step != next_step(state):
        raise Rejected("step_not_next", "Steps are sent in their order.")
    if step.claimed_until and step.claimed_until > context.now:
        raise Rejected("step_claimed", "It is being sent just now.")
    if step.due_at > context.now and not command.early:
        raise Rejected("step_not_due", "It is not due yet.")
    claimed = StepClaimed(
        step_id=step.id,
        claimed_at=context.now,
        claimed_until=context.now + timedelta(seconds=command.lease_seconds),
        fetched_at=command.fetched_at,
    )
    return (claimed,)


def check_acting(state: Attempt, fetched_at: datetime, context: Context) -> None:
    """Refuse to mail or charge for what has ended or is held, or on facts that are a minute old."""
    if not state.pending:
        raise Rejected("attempt_ended", "The attempt has ended.")
    if state.held_at is not None:
        raise Rejected("attempt_held", "The attempt is held.")
    if context.now - fetched_at > LATEST_FACTS:
        raise Rejected("facts_too_old", "Ask Stripe again how things stand.")


def _put_off(
    command: SkipStep | PostponeStep, state: Attempt, step: Step, context: Context
) -> tuple[AttemptEvent, ...]:
    if not step.open or not state.pending:
        return ()
    if isinstance(command, SkipStep):
        released = (StepReleased(step_id=step.id, reason=command.reason),) if step.claimed_until else ()
        return (*released, StepSkipped(step_id=step.id, reason=command.reason))
    if step.claimed_until and step.claimed_until > context.now:
        raise Rejected("step_claimed", "It is being sent just now.")
    if command.due_at <= step.due_at:
        return ()
    return (StepPostponed(step_id=step.id, due_at=command.due_at, reason=command.reason),)


def _sent(command: RecordStepSent, state: Attempt, step: Step) -> tuple[AttemptEvent, ...]:
    """It is a fact by now. What is not asked is whether it should have been."""
    if step.sent_at is not None:
        return ()
    if step.claimed_until is None:
        raise Rejected("step_not_claimed", "A step is claimed before it is sent.")
    sent = StepSent(
        step_id=step.id,
        sent_at=command.sent_at,
        message_id=command.message_id,
        will_retry=command.will_retry,
        retry_at=command.retry_at,
        is_final=command.is_final,
        with_invoices=command.with_invoices,
        moved=step_schedule.after_sent(state, step.id, command.sent_at) if state.pending else (),
    )
    return (sent,)


def _touched(
    command: RecordStepOpened | RecordStepClicked, step: Step, context: Context
) -> tuple[AttemptEvent, ...]:
    """Advisory: the first of each is kept, and nothing is decided by it."""
    if step.sent_at is None:
        raise Rejected("invalid_transition", "A step that was not sent is neither opened nor clicked.")
    if isinstance(command, RecordStepOpened):
        opened = StepOpened(step_id=step.id, opened_at=command.opened_at or context.now)
        return () if step.opened_at else (opened,)
    clicked = StepClicked(step_id=step.id, clicked_at=command.clicked_at or context.now)
    return () if step.clicked_at else (clicked,)
