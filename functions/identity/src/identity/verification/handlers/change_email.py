"""POST /v1/identity/me/email"""

from identity.sign_in import attempts
from identity.sign_in.accounts import account, still, tell
from identity.sign_in.by_email import within
from identity.sign_in.check_password import WrongPassword, forgiven, prove
from identity.sign_in.decider import RequestEmailChange
from identity.verification.requests import Accepted
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.security.roles import SELF
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, transact


class Body(fields.Body):
    """Whoever has the address can reset the password: so it takes the password to change it."""

    email: fields.Email
    password: fields.Password


@endpoint(
    Operation(
        permission=SELF,
        secret=True,
        body=Body,
        reply=Accepted,
        refusals=("account_locked", "wrong_password", "requested_too_soon"),
        example={"email": "emily@bakery.example", "password": "a long walk by the sea"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """A link goes to the new address; it is told to nobody whether somebody has that."""
    inside, principal_id = within(request, request.tenant_id), request.caller.id
    seen = prove(inside, principal_id, request.body.password)
    if seen is None:
        raise WrongPassword("password")
    wanted = account(inside.tenant_id, principal_id)
    with forgiven(inside, principal_id):
        transact(
            inside.scope, wanted, lambda at: _requested(at, seen, principal_id, request.body.email), seen
        )
    return Answer(status=200, body={"status": "accepted"})


def _requested(at: Snapshot, seen: Snapshot, principal_id: str, email: str) -> Decision:
    who = still(at, seen, principal_id)
    same = who.state.email == email
    lift = attempts.lift(attempts.key(at.scope.tenant_id, principal_id), at.scope.context.now)
    asked = () if same else (tell(at, principal_id, RequestEmailChange(email=email)),)
    return Decision(changes=asked, actions=(lift,))
