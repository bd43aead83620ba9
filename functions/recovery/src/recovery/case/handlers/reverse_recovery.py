"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/reverse"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from recovery.attempt.commands import ReverseRecovery
from recovery.case import transactions
from recovery.fields import Cents
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """All that went back so far; what was recorded before is part of it."""

    reversed_amount_cents: Annotated[Cents, Field(gt=0)]
    reason: Literal["refund", "dispute"]
    reversed_at: AwareDatetime | None = None


@endpoint(
    Operation(
        permission="recovery_attempt:reverse",
        body=Body,
        refusals=("not_recovered",),
        example={"reversed_amount_cents": 1999, "reason": "refund", "reversed_at": "2026-01-31T12:00:00Z"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """The attempt stays recovered: what went back is counted apart, up to what came."""
    reverse = ReverseRecovery(
        reversed_amount_cents=request.body.reversed_amount_cents,
        reason=request.body.reason,
        reversed_at=request.body.reversed_at,
    )
    return transactions.carry_out(request, reverse)
