"""No route: an account's address was not proved in time."""

from identity.user.commands import ExpireUser
from identity.verification.expiry import expire
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request, done
from troupe.store.scope import Answer


@endpoint(Operation(refusals=("not_expired",)))
def handler(request: Request[NoBody]) -> Answer:
    return done(expire(request.scope, request.id("user_id"), ExpireUser()))
