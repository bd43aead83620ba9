"""POST /v1/identity/me/email"""

from identity.sign_in import attempts
from identity.sign_in.accounts import account_keys, attempts_of, decide_sign_in, unchanged_credential
from identity.sign_in.by_email import within
from identity.sign_in.check_password import WrongPassword, check, forgiven
from identity.sign_in.decider import RequestEmailChange
from identity.verification.requests import Accepted
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.security.roles import SELF
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, transact


class Body(fields.Body):
    """The owner of the address can reset the password, so a change of address takes the password."""

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
    """Send a link to the new address. The answer does not tell whether an account has that address."""
    inside, principal_id = within(request, request.tenant_id), request.caller.id
    subject = keys.subject(inside.tenant_id, f"{request.caller.kind}:{principal_id}")
    seen = check(inside, principal_id, request.body.password, subject)
    if seen is None:
        raise WrongPassword("password")
    wanted = (*account_keys(inside, principal_id), subject)
    with forgiven(inside, principal_id):
        transact(inside.scope, wanted, lambda at: _requested(inside, at, seen), seen)
    return Answer(status=200, body={"status": "accepted"})


def _requested(request: Request[Body], at: Snapshot, seen: Snapshot) -> Decision:
    principal_id, email = request.caller.id, request.body.email
    who = unchanged_credential(at, seen, principal_id)
    same = who.state.email == email
    lift = attempts.forget(attempts_of(request, principal_id), request.now)
    asked = RequestEmailChange(email=email, principal=who.state.kind)
    return Decision(changes=() if same else (decide_sign_in(at, principal_id, asked),), actions=(lift,))
