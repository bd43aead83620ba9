"""POST /v1/identity/users/verify"""

from typing import Annotated

from pydantic import Field

from identity.sign_in.by_email import within
from identity.sign_in.issue_tokens import tenant_status_of
from identity.user.commands import ExpireUser
from identity.verification import links
from identity.verification.confirm import Chosen, choose, confirmed, keys_to_read
from identity.verification.expiry import expire
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, done
from troupe.quota import quota
from troupe.security import passwords
from troupe.security.addresses import AddressTaken
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Link, LinkPurpose
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact

REFUSALS = (
    "link_invalid",
    "email_taken",
    "slug_taken",
    "quota_exceeded",
    "password_required",
    "password_not_expected",
    *passwords.REFUSALS,
)


class Body(fields.Body):
    """Confirm an e-mail address. A new account chooses its password with it; a changed address takes none."""

    token: links.Token
    password: Annotated[str | None, Field(max_length=1024, repr=False)] = None


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        refusals=REFUSALS,
        example={
            "token": "MS57InAiOiJ2ZXJpZnkifQ.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmUtc2ln",
            "password": "a long walk by the sea",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """A link whose effect stands is answered alike when it is opened again."""
    purposes: tuple[LinkPurpose, ...] = ("verify", "invite", "change_email")
    link = links.read(request.body.token, purposes, signing_keys(), request.now)
    chosen = _chosen(link, request.body.password)
    inside = within(request, link.tenant_id, actor=link.principal_id)
    zone = "UTC"

    def decide(at: Snapshot) -> Decision:
        nonlocal zone
        zone = tenant_status_of(at).get("zone", zone)
        return confirmed(at, link, chosen)

    with confined(link.tenant_id):
        try:
            return done(transact(inside.scope, keys_to_read(link), decide))
        except quota.Exceeded as exceeded:
            quota.note(inside.scope, exceeded, zone)
            raise
        except AddressTaken:
            if link.purpose != "change_email":
                expire(inside.scope, link.principal_id, ExpireUser(overtaken=True))
            raise


def _chosen(link: Link, password: str | None) -> Chosen | None:
    if link.purpose == "change_email":
        if password is not None:
            raise Invalid("password_not_expected", "This link comes without a password.", "password")
        return None
    if password is None:
        raise Invalid("password_required", "Choose a password.", "password")
    return choose(password)
