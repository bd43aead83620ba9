"""No route: the approval flow of a promotion asks what comes next."""

from typing import Annotated, assert_never

from pydantic import AwareDatetime, BaseModel, Field

from commerce.promotion.decide_approval import Ask, Decide, Done, Remind, Step, next_step
from commerce.promotion.decider import PROMOTION
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import load


class Body(fields.Body):
    submitted_at: Annotated[AwareDatetime, Field(examples=["2026-02-02T14:00:00Z"])]


class Next(BaseModel, frozen=True):
    """`action`: ask, remind, decide or done; who is asked, and for how long, is beside it."""

    action: str
    everybody: bool = False
    communities: tuple[str, ...] = ()
    seconds: int = 0


@endpoint(Operation(body=Body, reply=Next))
def handler(request: Request[Body]) -> Answer:
    promotion = load(request.tenant_id, PROMOTION, request.id("promotion_id")).state
    told = _answer(next_step(promotion, request.body.submitted_at, request.now))
    return Answer(status=200, body=told.model_dump(mode="json"))


def _answer(step: Step) -> Next:
    match step:
        case Ask():
            return Next(
                action="ask",
                everybody=step.everybody,
                communities=step.communities,
                seconds=step.seconds,
            )
        case Remind():
            return Next(action="remind")
        case Decide():
            return Next(action="decide")
        case Done():
            return Next(action="done")
        case _:
            assert_never(step)
