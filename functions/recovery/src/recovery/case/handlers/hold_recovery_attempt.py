"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/hold"""

from typing import Annotated

from pydantic import AwareDatetime, Field

from recovery.attempt.commands import HoldRecoveryAttempt
from recovery.case import transactions
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """Until then it waits to be resumed, and is abandoned if it is not; without one it waits on."""

    until: Annotated[AwareDatetime | None, Field(examples=["2099-01-31T12:00:00Z"])] = None


REFUSALS = ("attempt_ended", "until_is_past")


@endpoint(
    Operation(
        permission="recovery_attempt:hold",
        body=Body,
        refusals=REFUSALS,
        example={"until": "2099-01-31T12:00:00Z"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """A held attempt neither mails nor charges."""
    until = request.body.until
    if until and until <= request.now:
        raise Invalid("until_is_past", "Hold it until an instant that is to come.", "until")
    return transactions.carry_out(request, HoldRecoveryAttempt(reason="requested", until=until))
