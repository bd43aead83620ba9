"""No route: the dunning flow asks what comes next."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, assert_never

from pydantic import BaseModel, Field

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.next_action import Abandon, Action, Done, Fail, Retry, SendStep, Wait, next_action
from recovery.attempt.state import Attempt
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import load


class Body(fields.Body):
    plan_version: Annotated[int, Field(ge=0)]  # the plan that the flow goes by


class Next(BaseModel, frozen=True):
    """`action`: wait, send_step, retry, fail, abandon, done or superseded; what goes with it is beside it."""

    action: str
    until: str | None = None
    step_id: str | None = None
    number: int | None = None
    reason: str | None = None


@endpoint(Operation(body=Body, reply=Next))
def handler(request: Request[Body]) -> Answer:
    attempt = load(request.tenant_id, RECOVERY_ATTEMPT, request.id("recovery_attempt_id")).state
    if isinstance(attempt, Attempt) and attempt.pending and attempt.plan_number > request.body.plan_version:
        told = Next(action="superseded")
    else:
        told = _answer(next_action(attempt, request.now))
    return Answer(status=200, body=told.model_dump(exclude_none=True))


def _answer(action: Action) -> Next:
    match action:
        case Wait(until=until):
            return Next(action="wait", until=_whole_second(until))
        case SendStep(step_id=step_id):
            return Next(action="send_step", step_id=step_id)
        case Retry(number=number):
            return Next(action="retry", number=number)
        case Fail(reason=reason):
            return Next(action="fail", reason=reason)
        case Abandon(reason=reason):
            return Next(action="abandon", reason=reason)
        case Done():
            return Next(action="done")
        case _:
            assert_never(action)


def _whole_second(until: datetime) -> str:
    """Not before it: a flow that wakes a moment too early would ask again and again until then."""
    later = until.astimezone(UTC) + timedelta(microseconds=999_999)
    return f"{later:%Y-%m-%dT%H:%M:%SZ}"
