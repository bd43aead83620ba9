"""POST /v1/identity/password-resets/complete"""

from identity import attempts, links
from identity.accounts import credential_of, credential_ref, hashed, sign_in_of, tell
from identity.entry import within
from identity.sign_in import ChangePassword
from identity.verification import Chosen, choose
from troupe import fields, passwords
from troupe.credential import SetPassword
from troupe.http import Operation, endpoint
from troupe.request import Request, done
from troupe.scope import Answer
from troupe.secrets import signing_keys
from troupe.store import Decision, Snapshot, transact
from troupe.table import confined
from troupe.tokens import Link

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
    if who is None or who.state.status == "suspended":
        raise links.BadLink
    links.check(link, who.state)
    passwords.check(chosen.password, who.state.email)
    tenant_id = at.scope.tenant_id
    return Decision(
        changes=(
            at.decide(credential_ref(who.id), SetPassword()),
            tell(at, who.id, ChangePassword(how="reset")),
        ),
        actions=(
            hashed(tenant_id, who.id, chosen.hash),
            attempts.lift(attempts.key(tenant_id, who.id), at.scope.context.now),
        ),
    )
