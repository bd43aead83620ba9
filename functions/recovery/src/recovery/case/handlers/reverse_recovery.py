"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/reverse"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from recovery import cases
from recovery.attempt_commands import ReverseRecovery
from recovery.forms import Cents
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


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
    return cases.carry_out(request, reverse)
