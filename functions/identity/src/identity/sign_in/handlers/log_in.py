"""POST /v1/identity/sessions"""

from identity.admission import SignedIn, SignInFailed, admit, new_session
from identity.entry import entrant, within
from identity.proof import forgiven, prove
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.secrets import signing_keys
from troupe.table import confined


class Body(fields.Body):
    email: fields.Email
    password: fields.Password


REFUSALS = (
    "sign_in_failed",
    "account_locked",
    "verification_required",
    "account_suspended",
    "tenant_cancelled",
)


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        reply=SignedIn,
        refusals=REFUSALS,
        example={"email": "emily@example.com", "password": "a long walk by the sea"},
    )
)
def handler(request: Request[Body]) -> Answer:
    keyring = signing_keys()
    who = entrant(request.body.email)
    with confined(who.tenant_id):
        seen = prove(within(request, who.tenant_id), who.principal_id, request.body.password)
        if seen is None:
            raise SignInFailed
        inside = within(request, who.tenant_id, actor=who.principal_id)
        with forgiven(inside, who.principal_id):
            return admit(inside, who.principal_id, seen, new_session(inside, who.principal_id, keyring))
