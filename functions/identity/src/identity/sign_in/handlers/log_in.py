"""POST /v1/identity/sessions"""

from identity.sign_in.by_email import look_up, within
from identity.sign_in.check_password import check, forgiven
from identity.sign_in.issue_tokens import SignedIn, SignInFailed, new_session, open_session
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.quota.source_limits import WRONG_PASSWORDS, spend
from troupe.security.secrets import signing_keys
from troupe.store.scope import Answer
from troupe.store.table import confined


class Body(fields.Body):
    email: fields.Email
    password: fields.Password


REFUSALS = (
    "sign_in_failed",
    "account_locked",
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
    who = look_up(request.body.email, request.now, request.source_address)
    with confined(who.tenant_id):
        seen = check(within(request, who.tenant_id), who.principal_id, request.body.password)
        if seen is None:
            spend(WRONG_PASSWORDS, request.source_address, request.now)
            raise SignInFailed
        inside = within(request, who.tenant_id, actor=who.principal_id)
        with forgiven(inside, who.principal_id):
            return open_session(
                inside, who.principal_id, seen, new_session(inside, who.principal_id, keyring)
            )
