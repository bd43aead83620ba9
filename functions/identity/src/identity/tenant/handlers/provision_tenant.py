"""POST /v1/identity/tenants"""

from typing import Literal

from pydantic import BaseModel, Field

from identity.sign_up.sign_up import Registration
from identity.tenant.commands import ProvisionTenant
from identity.tenant.provision import Founding, provision
from identity.user.events import Profile
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Owner(fields.Body):
    """The first owner, who chooses a password with the link that confirms the address."""

    email: fields.Email
    display_name: fields.Name


class Body(fields.Body):
    """A trial has quotas of its own, or those of `free`; a higher plan is confirmed by an operator.

    The default organization is called like the tenant, if not otherwise.
    """

    name: fields.Name
    slug: fields.Slug
    owner: Owner
    plan: Literal["trial", "free"] = "trial"
    zone: fields.Zone = "UTC"
    domain: fields.Domain | None = None
    billing_email: fields.Email | None = None
    metadata: fields.Map = Field(default_factory=dict)
    organization_name: fields.Name | None = None


class Provisioned(BaseModel, frozen=True):
    """The same for an owner's address that is taken: only the mail tells."""

    id: str
    slug: str
    status: str
    organization_id: str
    owner_id: str


REFUSALS = ("slug_taken", "slug_reserved")


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        reply=Provisioned,
        status=201,
        refusals=REFUSALS,
        example={
            "name": "Acme Creators",
            "slug": "acme",
            "plan": "trial",
            "zone": "Europe/Berlin",
            "domain": "creators.acme.example",
            "billing_email": "billing@acme.example",
            "metadata": {"segment": "agency"},
            "owner": {
                "email": "olivia@acme.example",
                "display_name": "Olivia Owner",
            },
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Sign a tenant up: a trial begins, with a default organization and an owner who is to confirm."""
    founded = provision(request, _founding(request.body))
    body = Provisioned(
        id=founded.tenant_id,
        slug=request.body.slug,
        status="trial",
        organization_id=founded.organization_id,
        owner_id=founded.owner_id,
    )
    location = {"location": f"/v1/identity/tenants/{founded.tenant_id}"}
    return Answer(status=201, body=body.model_dump(), headers=location)


def _founding(body: Body) -> Founding:
    return Founding(
        tenant=ProvisionTenant(
            name=body.name,
            slug=body.slug,
            plan=body.plan,
            zone=body.zone,
            domain=body.domain,
            billing_email=body.billing_email,
            metadata=body.metadata,
        ),
        organization_name=body.organization_name or body.name,
        owner=Registration(
            email=body.owner.email,
            profile=Profile(display_name=body.owner.display_name),
            kind="staff",
            roles=("staff", "owner"),
        ),
    )
