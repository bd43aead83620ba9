"""The plain commands of a recovery attempt."""

from recovery import cases
from recovery.attempt_commands import ResumeRecoveryAttempt
from recovery.recovery_attempt import RECOVERY_ATTEMPT
from troupe.http import NoBody
from troupe.routes import Routes

routes = Routes(RECOVERY_ATTEMPT, run=cases.carry_out)

resume_recovery_attempt = routes.post(
    "/recovery-attempts/{recovery_attempt_id}/resume",
    ResumeRecoveryAttempt,
    permission="recovery_attempt:resume",
    body=NoBody,
    refusals=("attempt_ended", "hold_stays"),
)
