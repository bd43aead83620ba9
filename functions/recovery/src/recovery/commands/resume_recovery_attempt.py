"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/resume"""

from recovery import cases
from recovery.attempt_commands import ResumeRecoveryAttempt
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="recovery_attempt:resume", refusals=("attempt_ended", "hold_stays")))
def handler(request: Request[NoBody]) -> Answer:
    """What was due meanwhile is made up for, one mail a day."""
    return cases.carry_out(request, ResumeRecoveryAttempt())
