"""No route: the approval flow of a promotion waits for one target, and leaves its token where it decides."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from commerce import approvals, promotions
from commerce.promotion_forms import TargetId
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    submitted_at: Annotated[AwareDatetime, Field(examples=["2026-02-02T14:00:00Z"])]
    target: TargetId
    task_token: Annotated[str, Field(min_length=1, max_length=2048)]


class Awaited(BaseModel, frozen=True):
    waits: bool  # or there was nothing to wait for


@endpoint(Operation(body=Body, reply=Awaited))
def handler(request: Request[Body]) -> Answer:
    body = request.body
    place = promotions.approval(request.tenant_id, request.id("promotion_id"), body.target)
    waits = approvals.wait(place, body.submitted_at, body.task_token)
    return Answer(status=200, body={"waits": waits})
