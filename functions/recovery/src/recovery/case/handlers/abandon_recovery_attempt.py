"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/abandon"""

from recovery.attempt.commands import AbandonRecoveryAttempt
from recovery.case import transactions
from recovery.fields import ReasonCode
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


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
    return transactions.carry_out(
        request, AbandonRecoveryAttempt(reason=request.body.reason, planned=planned)
    )
