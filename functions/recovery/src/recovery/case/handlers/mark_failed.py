"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/mark-failed"""

from recovery import cases
from recovery.attempt_commands import MarkFailed
from recovery.forms import ReasonCode
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    """Any reason but `requested` is the plan's, and has to be so."""

    reason: ReasonCode = "requested"


REFUSALS = ("invalid_transition", "not_planned", "retry_claimed")


@endpoint(
    Operation(
        permission="recovery_attempt:mark_failed",
        body=Body,
        refusals=REFUSALS,
        example={"reason": "requested"},
    )
)
def handler(request: Request[Body]) -> Answer:
    return cases.carry_out(request, MarkFailed(reason=request.body.reason))
