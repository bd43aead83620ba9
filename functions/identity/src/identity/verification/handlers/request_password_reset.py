"""POST /v1/identity/password-resets"""

from identity.sign_in.decider import RequestPasswordReset
from identity.verification.requests import Accepted, Body, accepted
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(
    Operation(anonymous=True, secret=True, body=Body, reply=Accepted, example={"email": "emily@example.com"})
)
def handler(request: Request[Body]) -> Answer:
    return accepted(request, RequestPasswordReset(), frozenset({"pending", "active"}))
