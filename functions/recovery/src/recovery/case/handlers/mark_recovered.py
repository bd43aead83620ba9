"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/mark-recovered"""

from typing import Annotated

from pydantic import AwareDatetime, Field

from recovery.attempt.commands import MarkRecovered
from recovery.case import transactions
from recovery.fields import Cents
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """What was paid, by whichever way, since the attempt started; when, if not just now."""

    recovered_amount_cents: Annotated[Cents, Field(gt=0)]
    recovered_at: AwareDatetime | None = None


REFUSALS = ("invalid_transition", "recovered_in_future")


@endpoint(
    Operation(
        permission="recovery_attempt:mark_recovered",
        body=Body,
        refusals=REFUSALS,
        example={"recovered_amount_cents": 1999, "recovered_at": "2026-01-31T12:00:00Z"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """For money that Stripe knows nothing of."""
    at = request.body.recovered_at or request.now
    if at > request.now:
        raise Invalid("recovered_in_future", "What is yet to be paid is not recovered.", "recovered_at")
    recovered = MarkRecovered(
        recovered_amount_cents=request.body.recovered_amount_cents,
        recovered_at=at,
        reason="paid_out_of_band",
        attribution="manual",
        evidence={"marked_by": request.caller.id},
    )
    return transactions.carry_out(request, recovered)
