"""POST /v1/identity/users/{user_id}/suspend"""

from identity import owners, people
from identity.user_commands import SuspendUser
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="user:suspend",
        body=Body,
        refusals=("owner_protected", "last_owner", "invalid_transition"),
        example={"reason": "Broke the house rules."},
    )
)
def handler(request: Request[Body]) -> Answer:
    user, credential = people.refs(request.id("user_id"))

    def decide(at: Snapshot) -> Decision:
        owners.protect(request.caller, at.of(user).state)
        return people.in_step(at, at.decide(user, SuspendUser(reason=request.body.reason)))

    return request.transact((user, credential), decide)
