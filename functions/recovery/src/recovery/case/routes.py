"""The plain commands of a recovery attempt."""

from recovery.attempt.commands import ResumeRecoveryAttempt
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.case import transactions
from troupe.edge.endpoint import NoBody
from troupe.edge.routes import Routes

routes = Routes(RECOVERY_ATTEMPT, run=transactions.carry_out)

resume_recovery_attempt = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/resume",
    ResumeRecoveryAttempt,
    permission="recovery_attempt:resume",
    body=NoBody,
    refusals=("attempt_ended", "hold_stays"),
)
