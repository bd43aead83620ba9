"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/abandon"""

from recovery import cases
from recovery.attempt_commands import AbandonRecoveryAttempt
from recovery.forms import ReasonCode
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: ReasonCode = "requested"


REFUSALS = ("invalid_transition", "not_planned")


@endpoint(
    Operation(
        permission="recovery_attempt:abandon", body=Body, refusals=REFUSALS, example={"reason": "requested"}
    )
)
def handler(request: Request[Body]) -> Answer:
    """By a person at any time; by the flow when a hold is over that nobody lifted."""
    planned = request.caller.kind == "system"
    return cases.carry_out(request, AbandonRecoveryAttempt(reason=request.body.reason, planned=planned))
