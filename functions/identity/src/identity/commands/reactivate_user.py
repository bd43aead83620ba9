"""POST /v1/identity/users/{user_id}/reactivate"""

from identity import people
from identity.user_commands import ReactivateUser
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="user:reactivate", refusals=("invalid_transition",)))
def handler(request: Request[NoBody]) -> Answer:
    user, credential = people.refs(request.id("user_id"))
    return request.transact(
        (user, credential), lambda at: people.in_step(at, at.decide(user, ReactivateUser()))
    )
