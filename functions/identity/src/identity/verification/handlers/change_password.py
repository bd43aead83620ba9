"""POST /v1/identity/me/password"""

from typing import TYPE_CHECKING, cast

from identity.sign_in import attempts
from identity.sign_in.accounts import (
    account_keys,
    attempts_of,
    credential_ref,
    decide_sign_in,
    hashed,
    unchanged_credential,
)
from identity.sign_in.by_email import within
from identity.sign_in.check_password import WrongPassword, check, forgiven
from identity.sign_in.decider import ChangePassword
from identity.sign_in.issue_tokens import Issuer, SignedIn, new_session, refusal, tenant_status_of
from identity.verification.confirm import Chosen, choose
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.security import passwords, sessions
from troupe.security.credential import Credential, SetPassword
from troupe.security.roles import SELF
from troupe.security.secrets import signing_keys
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, transact

if TYPE_CHECKING:
    from troupe.store.aggregates import Stored

REFUSALS = ("account_locked", "account_suspended", "wrong_password", *passwords.REFUSALS)


class Body(fields.Body):
    current_password: fields.Password
    new_password: fields.Password


@endpoint(
    Operation(
        permission=SELF,
        secret=True,
        body=Body,
        reply=SignedIn,
        refusals=REFUSALS,
        example={
            "current_password": "a long walk by the sea",
            "new_password": "another long walk by the sea",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Every session ends; the answer is the first of the new ones."""
    keyring, inside, principal_id = signing_keys(), within(request, request.tenant_id), request.caller.id
    chosen = choose(request.body.new_password)
    seen = check(inside, principal_id, request.body.current_password)
    if seen is None:
        raise WrongPassword("current_password")
    issuer = new_session(inside, principal_id, keyring)
    wanted = account_keys(inside, principal_id)
    with forgiven(inside, principal_id):
        decided = transact(inside.scope, wanted, lambda at: _changed(inside, at, seen, chosen, issuer), seen)
    return Answer(status=200, body=decided.body)


def _changed(
    request: Request[Body], at: Snapshot, seen: Snapshot, chosen: Chosen, issuer: Issuer
) -> Decision:
    tenant_id, principal_id, now = request.tenant_id, issuer.refresh.principal_id, request.now
    who = unchanged_credential(at, seen, principal_id)
    if refused := refusal(who.state, tenant_status_of(at)):
        raise refused
    passwords.check(chosen.password, who.state.email)
    credential = at.decide(credential_ref(principal_id), SetPassword())
    after = cast("Stored[Credential]", credential.after)
    return Decision(
        changes=(credential, decide_sign_in(at, principal_id, ChangePassword(how="changed"))),
        actions=(
            hashed(tenant_id, principal_id, chosen.hash),
            attempts.forget(attempts_of(request, principal_id), now),
            sessions.opened(issuer.refresh, after.state.epoch, now),
        ),
        body=issuer.issue(after, at),
    )
