"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/mark-failed"""

from recovery.attempt.commands import MarkFailed
from recovery.case import transactions
from recovery.fields import ReasonCode
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


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
    return transactions.carry_out(request, MarkFailed(reason=request.body.reason))
