"""No route: the approval flow of a promotion waits for one target, and leaves its token where it decides."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from commerce.promotion import transactions
from commerce.promotion.flow import task_tokens
from commerce.promotion.requests import TargetId
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    submitted_at: Annotated[AwareDatetime, Field(examples=["2026-02-02T14:00:00Z"])]
    target: TargetId
    task_token: Annotated[str, limits.Text(min_length=1, max_length=2048)]


class Awaited(BaseModel, frozen=True):
    waits: bool  # or there was nothing to wait for


@endpoint(Operation(body=Body, reply=Awaited))
def handler(request: Request[Body]) -> Answer:
    body = request.body
    place = transactions.approval(request.tenant_id, request.id("promotion_id"), body.target)
    waits = task_tokens.wait(place, body.submitted_at, body.task_token)
    return Answer(status=200, body={"waits": waits})
