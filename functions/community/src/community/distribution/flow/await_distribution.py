"""No route: the flow of a request for global distribution waits, and leaves its token beside the post."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from community.distribution import transactions
from community.post import transactions as post_transactions
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    requested_at: Annotated[AwareDatetime, Field(examples=["2026-02-02T14:00:00Z"])]
    task_token: Annotated[str, limits.Text(min_length=1, max_length=2048)]


class Awaited(BaseModel, frozen=True):
    waits: bool  # or there was nothing to wait for


@endpoint(Operation(body=Body, reply=Awaited))
def handler(request: Request[Body]) -> Answer:
    body = request.body
    waits = transactions.wait(
        request.tenant_id, post_transactions.post_id(request), body.requested_at, body.task_token
    )
    return Answer(status=200, body={"waits": waits})
