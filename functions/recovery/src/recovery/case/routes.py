"""The plain commands of a recovery attempt."""

from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    ResumeRecoveryAttempt,
    ReverseRecovery,
)
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.case import requests, transactions
from troupe.domain.decider import Invalid
from troupe.edge.endpoint import NoBody
from troupe.edge.request import Request
from troupe.edge.routes import Routes

routes = Routes(RECOVERY_ATTEMPT, run=transactions.carry_out)


def _abandoned(request: Request[requests.AbandonBody]) -> AbandonRecoveryAttempt:
    return AbandonRecoveryAttempt(reason=request.body.reason, planned=request.caller.kind == "system")


def _held(request: Request[requests.HoldBody]) -> HoldRecoveryAttempt:
    until = request.body.until
    if until and until <= request.now:
        raise Invalid("until_is_past", "Hold it until an instant that is to come.", "until")
    return HoldRecoveryAttempt(reason="requested", until=until)


def _recovered(request: Request[requests.RecoveredBody]) -> MarkRecovered:
    at = request.body.recovered_at or request.now
    if at > request.now:
        raise Invalid("recovered_in_future", "What is yet to be paid is not recovered.", "recovered_at")
    return MarkRecovered(
        recovered_amount_cents=request.body.recovered_amount_cents,
        recovered_at=at,
        reason="paid_out_of_band",
        attribution="manual",
        evidence={"marked_by": request.caller.id},
    )


resume_recovery_attempt = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/resume",
    ResumeRecoveryAttempt,
    permission="recovery_attempt:resume",
    body=NoBody,
    refusals=("attempt_ended", "hold_not_released"),
)
hold_recovery_attempt = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/hold",
    HoldRecoveryAttempt,
    permission="recovery_attempt:hold",
    body=requests.HoldBody,
    make=_held,
    refusals=("attempt_ended", "until_is_past"),
    example={"until": "2099-01-31T12:00:00Z"},
)
abandon_recovery_attempt = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/abandon",
    AbandonRecoveryAttempt,
    permission="recovery_attempt:abandon",
    body=requests.AbandonBody,
    make=_abandoned,
    refusals=("invalid_transition", "not_planned"),
    example={"reason": "requested"},
)
mark_failed = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/mark-failed",
    MarkFailed,
    permission="recovery_attempt:mark_failed",
    body=requests.FailBody,
    refusals=("invalid_transition", "not_planned", "retry_claimed"),
    example={"reason": "requested"},
)
mark_recovered = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/mark-recovered",
    MarkRecovered,
    permission="recovery_attempt:mark_recovered",
    body=requests.RecoveredBody,
    make=_recovered,
    refusals=("invalid_transition", "recovered_in_future"),
    example={"recovered_amount_cents": 1999, "recovered_at": "2026-01-31T12:00:00Z"},
)
reverse_recovery = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/reverse",
    ReverseRecovery,
    permission="recovery_attempt:reverse",
    body=requests.ReversedBody,
    refusals=("not_recovered",),
    example={"reversed_amount_cents": 1999, "reason": "refund", "reversed_at": "2026-01-31T12:00:00Z"},
)
