"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/retry"""

from pydantic import BaseModel

from recovery.retry import retry_payment
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Retried(BaseModel, frozen=True):
    """`outcome`: done, skipped, postponed, released, stopped, changed, unknown or not_needed; and why."""

    outcome: str
    reason: str | None
    until: str | None


REFUSALS = (
    "attempt_ended",
    "attempt_held",
    "facts_too_old",
    "no_such_retry",
    "invalid_state",
    "retry_claimed",
    "too_many_retries",
)


@endpoint(Operation(permission="recovery_attempt:retry", reply=Retried, secret=True, refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """The planned retry: by the flow when it is due; by a person before that, which counts for no budget."""
    early = request.caller.kind != "system"
    told = retry_payment.retry(request.scope, request.id("recovery_attempt_id"), early=early)
    return Answer(status=200, body=told.body())
