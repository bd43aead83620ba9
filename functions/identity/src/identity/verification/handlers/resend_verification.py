"""POST /v1/identity/users/resend-verification"""

from identity.mail_requests import Accepted, Body, accepted
from identity.sign_in import RequestVerification
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    Operation(anonymous=True, secret=True, body=Body, reply=Accepted, example={"email": "emily@example.com"})
)
def handler(request: Request[Body]) -> Answer:
    return accepted(request, RequestVerification(), frozenset({"pending"}))
