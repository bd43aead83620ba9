"""POST /v1/identity/me/password"""

from typing import TYPE_CHECKING, cast

from identity import attempts
from identity.accounts import account, credential_ref, hashed, still, tell
from identity.admission import Issuer, SignedIn, new_session, refusal, standing_of
from identity.entry import within
from identity.proof import WrongPassword, forgiven, prove
from identity.sign_in import ChangePassword
from identity.verification import Chosen, choose
from troupe import fields, passwords, sessions
from troupe.credential import Credential, SetPassword
from troupe.http import Operation, endpoint
from troupe.permissions import SELF
from troupe.request import Request
from troupe.scope import Answer
from troupe.secrets import signing_keys
from troupe.store import Decision, Snapshot, transact

if TYPE_CHECKING:
    from troupe.aggregates import Stored

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
    seen = prove(inside, principal_id, request.body.current_password)
    if seen is None:
        raise WrongPassword("current_password")
    issuer = new_session(inside, principal_id, keyring)
    wanted = account(inside.tenant_id, principal_id)
    with forgiven(inside, principal_id):
        decided = transact(inside.scope, wanted, lambda at: _changed(at, seen, chosen, issuer), seen)
    return Answer(status=200, body=decided.body)


def _changed(at: Snapshot, seen: Snapshot, chosen: Chosen, issuer: Issuer) -> Decision:
    tenant_id, principal_id, now = at.scope.tenant_id, issuer.refresh.principal_id, at.scope.context.now
    who = still(at, seen, principal_id)
    if refused := refusal(who.state, standing_of(at)):
        raise refused
    passwords.check(chosen.password, who.state.email)
    credential = at.decide(credential_ref(principal_id), SetPassword())
    after = cast("Stored[Credential]", credential.after)
    return Decision(
        changes=(credential, tell(at, principal_id, ChangePassword(how="changed"))),
        actions=(
            hashed(tenant_id, principal_id, chosen.hash),
            attempts.lift(attempts.key(tenant_id, principal_id), now),
            sessions.opened(issuer.refresh, after.state.epoch, now),
        ),
        body=issuer.issue(after, at),
    )
