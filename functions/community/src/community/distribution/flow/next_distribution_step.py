"""No route: the flow of a request for global distribution asks what comes next."""

from typing import Annotated, assert_never

from pydantic import AwareDatetime, BaseModel, Field

from community.distribution.decide import Ask, Done, Remind, Step, TurnDown, next_step
from community.post import transactions
from community.post.decider import POST
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import load


class Body(fields.Body):
    requested_at: Annotated[AwareDatetime, Field(examples=["2026-02-02T14:00:00Z"])]


class Next(BaseModel, frozen=True):
    """`action`: ask, remind, turn_down or done; for how long to ask is beside it."""

    action: str
    seconds: int = 0


@endpoint(Operation(body=Body, reply=Next))
def handler(request: Request[Body]) -> Answer:
    post = load(request.tenant_id, POST, transactions.post_id(request)).state
    told = _answer(next_step(post, request.body.requested_at, request.now))
    return Answer(status=200, body=told.model_dump())


def _answer(step: Step) -> Next:
    match step:
        case Ask(seconds=seconds):
            return Next(action="ask", seconds=seconds)
        case Remind():
            return Next(action="remind")
        case TurnDown():
            return Next(action="turn_down")
        case Done():
            return Next(action="done")
        case _:
            assert_never(step)
