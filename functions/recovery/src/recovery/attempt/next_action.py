"""What is to be done next for a recovery attempt, and when: asked again after everything that was done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from recovery.attempt.state import Attempt, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStep:
    step_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandon:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It has ended, or is held for no one knows how long: who resumes it starts anew."""


type Action = Wait | SendStep | Retry | Fail | Abandon | Done
type _Planned = tuple[datetime, SendStep | Retry | Fail | Abandon]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a mail may truly promise (S-45)."""

    will_retry: bool
    retry_at: datetime | None
    is_final: bool


def next_action(attempt: Attempt | None, now: datetime) -> Action:
    planned = _planned(attempt, now)
    if planned is None:
        return Done()
    at, action = planned
    return action if at <= now else Wait(until=at)


def due_at(attempt: Attempt | None) -> datetime | None:
    """When something is to be done next; None if nothing is."""
    planned = _planned(attempt, None)
    return planned and planned[0]


def upcoming(attempt: Attempt | None) -> tuple[datetime, Action] | None:
    """What is to be done next, and when; None if nothing is."""
    return _planned(attempt, None)


def next_step(attempt: Attempt) -> Step | None:
    """The first that is neither sent nor skipped: they go out in their order."""
    return next((step for step in attempt.steps if step.open), None)


def outlook(attempt: Attempt, step_id: str) -> Outlook:
    retry = attempt.retry
    is_final = all(step.id == step_id for step in attempt.steps if step.open)
    return Outlook(will_retry=retry is not None, retry_at=retry.at if retry else None, is_final=is_final)


def _planned(attempt: Attempt | None, now: datetime | None) -> _Planned | None:
    if attempt is None or not attempt.pending:
        return None
    if attempt.held_at is not None:
        return _held(attempt)
    claimed = _claimed(attempt)
    if claimed:
        return min(claimed, key=_first)
    ended = (attempt.terms.window_ends_at, Fail(reason="window_ended"))
    if now is not None and now >= attempt.terms.window_ends_at:
        return ended  # what is overdue by then is not caught up on
    return min((*_open(attempt), ended), key=_first)


def _first(planned: _Planned) -> datetime:
    return planned[0]


def _held(attempt: Attempt) -> _Planned | None:
    ends = [each for each in attempt.holds if each.until is not None]
    if not ends:
        return None
    hold = min(ends, key=lambda each: each.until or each.held_at)
    return (hold.until or hold.held_at, Abandon(reason=hold.reason))


def _claimed(attempt: Attempt) -> list[_Planned]:
    """The actions under a claim; when the lease is over they are taken up again, before any other."""
    found: list[_Planned] = []
    if attempt.retry and attempt.retry.claimed_until:
        found.append((attempt.retry.claimed_until, Retry(number=attempt.retry.number)))
    step = next_step(attempt)
    if step and step.claimed_until:
        found.append((step.claimed_until, SendStep(step_id=step.id)))
    return found


def _open(attempt: Attempt) -> list[_Planned]:
    """The retry and the step that come; without either, the end, when its time of grace is over.

    A payment that is under way, as a bank debit is for days, is waited for. A retry comes before a step that
    is due at once: what the mail says is true then.
    """
    found: list[_Planned] = []
    if attempt.retry:
        found.append((attempt.retry.at, Retry(number=attempt.retry.number)))
    if step := next_step(attempt):
        found.append((step.due_at, SendStep(step_id=step.id)))
    if found or any(charge.status == "pending" for charge in attempt.charges):
        return found
    return [(_grace_ends_at(attempt), Fail(reason=_exhausted(attempt)))]


def _grace_ends_at(attempt: Attempt) -> datetime:
    done = (
        attempt.started_at,
        *(charge.at for charge in attempt.charges),
        *(step.sent_at for step in attempt.steps if step.sent_at),
    )
    return max(done) + timedelta(hours=attempt.terms.final_grace_hours)


def _exhausted(attempt: Attempt) -> str:
    if attempt.never_rule:
        return "never_retryable"
    return attempt.retries_stopped or "steps_exhausted"
