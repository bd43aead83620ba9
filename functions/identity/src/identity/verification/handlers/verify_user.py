"""POST /v1/identity/users/verify"""

from typing import Annotated

from pydantic import Field

from identity.sign_in.by_email import within
from identity.verification import links
from identity.verification.confirm import Chosen, choose, confirmed, wanted
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, done
from troupe.security import passwords
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Link, LinkPurpose
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import transact

REFUSALS = ("link_invalid", "email_taken", "password_required", "password_not_expected", *passwords.REFUSALS)


class Body(fields.Body):
    """Whoever was invited chooses a password; the other links come without one."""

    token: links.Token
    password: Annotated[str | None, Field(max_length=1024, repr=False)] = None


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        refusals=REFUSALS,
        example={"token": "MS57InAiOiJ2ZXJpZnkifQ.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmUtc2ln"},
    )
)
def handler(request: Request[Body]) -> Answer:
    purposes: tuple[LinkPurpose, ...] = ("verify", "invite", "change_email")
    link = links.read(request.body.token, purposes, signing_keys(), request.now)
    chosen = _chosen(link, request.body.password)
    inside = within(request, link.tenant_id, actor=link.principal_id)
    with confined(link.tenant_id):
        return done(transact(inside.scope, wanted(link), lambda at: confirmed(at, link, chosen)))


def _chosen(link: Link, password: str | None) -> Chosen | None:
    if link.purpose != "invite":
        if password is not None:
            raise Invalid("password_not_expected", "This link comes without a password.", "password")
        return None
    if password is None:
        raise Invalid("password_required", "Choose a password.", "password")
    return choose(password)
