"""POST /v1/identity/api-keys/{api_key_id}/rotate"""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from identity.api_key.decider import API_KEY, LONGEST_OVERLAP, RotateApiKey
from identity.api_key.responses import Issued
from identity.role.granting import may_grant
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, done
from troupe.security import api_keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

_LONGEST = int(LONGEST_OVERLAP.total_seconds())


class Body(fields.Body):
    """How long the former secret stays good: a day, unless it is said."""

    overlap_seconds: Annotated[int, Field(ge=0, le=_LONGEST)] = 86_400


@endpoint(
    Operation(
        permission="api_key:rotate",
        body=Body,
        reply=Issued,
        secret=True,
        refusals=("api_key_expired", "api_key_revoked", "permission_escalation"),
        example={"overlap_seconds": 3600},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Give a key another secret, which is in this answer alone. The former one goes on for a while."""
    ref = Ref(decider=API_KEY, id=request.id("api_key_id"))
    key = api_keys.fresh(request.tenant_id, ref.id)
    rotate = RotateApiKey(overlap=timedelta(seconds=request.body.overlap_seconds))

    def decide(at: Snapshot) -> Decision:
        may_grant(request.caller, set(at.of(ref).state.permissions))
        change = at.decide(ref, rotate)
        until = request.now + rotate.overlap
        return Decision(changes=(change,), actions=(api_keys.rotated(key, until),))

    answer = request.transact((ref,), decide, done)
    return replace(answer, body={**answer.body, "secret": key.text(), "prefix": api_keys.prefix(ref.id)})
