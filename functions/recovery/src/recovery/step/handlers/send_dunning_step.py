"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/steps/{step_id}/send"""

from pydantic import BaseModel

from recovery.step import send
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Sent(BaseModel, frozen=True):
    """`outcome`: sent, skipped, postponed, released, stopped, changed or not_needed; `reason` says why."""

    outcome: str
    reason: str | None
    until: str | None


REFUSALS = (
    "attempt_ended",
    "attempt_held",
    "facts_too_old",
    "invalid_state",
    "step_claimed",
    "step_not_next",
    "step_settled",
)


@endpoint(Operation(permission="recovery_attempt:send_step", reply=Sent, secret=True, refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """By the flow when it is due; by a person before that. Either way a step is sent once."""
    early = request.caller.kind != "system"
    told = send.send(
        request.scope, request.id("recovery_attempt_id"), request.path.get("step_id", ""), early=early
    )
    return Answer(status=200, body=told.body())
