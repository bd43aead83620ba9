"""Retrying the charge of a recovery attempt: claimed under one number and key, made, or given back."""

from datetime import timedelta
from typing import assert_never

from recovery.attempt.commands import ClaimRetry, PostponeRetry, ReleaseRetry, Retrying
from recovery.attempt.decide_step import check_acting
from recovery.attempt.events import AttemptEvent, RetryClaimed, RetryPostponed, RetryReleased
from recovery.attempt.state import Attempt, Retry
from troupe.domain.decider import Context, Rejected


def decide_retry_command(command: Retrying, state: Attempt, context: Context) -> tuple[AttemptEvent, ...]:
    retry = state.retry
    if isinstance(command, ClaimRetry):
        check_acting(state, command.fetched_at, context)
    if retry is None or retry.number != command.number:
        if isinstance(command, ClaimRetry):
            raise Rejected("no_such_retry", "No retry of that number is planned.")
        return ()
    match command:
        case ClaimRetry():
            return _claim(command, retry, context)
        case ReleaseRetry(number=number, reason=reason, retry_at=at, spent=spent):
            released = RetryReleased(number=number, reason=reason, retry_at=at, spent=spent)
            return (released,) if retry.claimed_until else ()
        case PostponeRetry(number=number, reason=reason, retry_at=at):
            postponed = RetryPostponed(number=number, retry_at=at, reason=reason)
            return () if retry.claimed_until or at <= retry.at else (postponed,)
        case _:
            assert_never(command)


def _claim(command: ClaimRetry, retry: Retry, context: Context) -> tuple[AttemptEvent, ...]:
    """A claim whose lease is over may be taken by any worker, with the key that it had: the same charge."""
    if retry.claimed_until and retry.claimed_until > context.now:
        raise Rejected("retry_claimed", "The card is being charged just now.")
    if retry.at > context.now and not command.early:
        raise Rejected("retry_not_due", "It is not due yet.")
    claimed = RetryClaimed(
        number=retry.number,
        idempotency_key=retry.idempotency_key or command.idempotency_key,
        claimed_at=context.now,
        claimed_until=context.now + timedelta(seconds=command.lease_seconds),
        fetched_at=command.fetched_at,
        fingerprint=command.fingerprint,
        by_person=command.early or (retry.claimed_until is not None and retry.by_person),
    )
    return (claimed,)
