"""POST /v1/identity/password-resets/complete"""

from identity.sign_in import attempts
from identity.sign_in.accounts import credential_of, credential_ref, decide_sign_in, hashed, sign_in_of
from identity.sign_in.by_email import within
from identity.sign_in.decider import ChangePassword
from identity.verification import links
from identity.verification.confirm import Chosen, choose
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, done
from troupe.security import passwords
from troupe.security.credential import SetPassword
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Link
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact

REFUSALS = ("link_invalid", *passwords.REFUSALS)


class Body(fields.Body):
    token: links.Token
    password: fields.Password


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        refusals=REFUSALS,
        example={
            "token": "MS57InAiOiJ2ZXJpZnkifQ.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmUtc2ln",
            "password": "another long walk by the sea",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    link = links.read(request.body.token, ("reset",), signing_keys(), request.now)
    chosen = choose(request.body.password)
    inside = within(request, link.tenant_id, actor=link.principal_id)
    wanted = (credential_ref(link.principal_id), sign_in_of(link.principal_id))
    with confined(link.tenant_id):
        return done(transact(inside.scope, wanted, lambda at: _reset(at, link, chosen)))


def _reset(at: Snapshot, link: Link, chosen: Chosen) -> Decision:
    """Every session ends with the old password, and so does a lock: the mailbox is proof enough."""
    who = credential_of(at, link.principal_id)
    if who is None or who.state.status != "active":
        raise links.BadLink
    links.check(link, who.state)
    passwords.check(chosen.password, who.state.email)
    tenant_id = at.scope.tenant_id
    return Decision(
        changes=(
            at.decide(credential_ref(who.id), SetPassword()),
            decide_sign_in(at, who.id, ChangePassword(how="reset")),
        ),
        actions=(
            hashed(tenant_id, who.id, chosen.hash),
            attempts.forget_all(tenant_id, who.id, at.scope.context.now),
        ),
    )
