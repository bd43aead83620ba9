"""No route: the flow of a request for global distribution waits, and leaves its token beside the post."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, Field

from community import distributions, posts
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    requested_at: Annotated[AwareDatetime, Field(examples=["2026-02-02T14:00:00Z"])]
    task_token: Annotated[str, Field(min_length=1, max_length=2048)]


class Awaited(BaseModel, frozen=True):
    waits: bool  # or there was nothing to wait for


@endpoint(Operation(body=Body, reply=Awaited))
def handler(request: Request[Body]) -> Answer:
    body = request.body
    waits = distributions.wait(request.tenant_id, posts.post_id(request), body.requested_at, body.task_token)
    return Answer(status=200, body={"waits": waits})
