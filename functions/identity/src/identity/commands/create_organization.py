"""POST /v1/identity/organizations"""

from pydantic import Field

from identity.organization import ORGANIZATION, CreateOrganization
from troupe import fields, quota
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.ids import new_id
from troupe.request import Request, created
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


class Body(fields.Body):
    name: fields.Name
    settings: fields.Map = Field(default_factory=dict)


@endpoint(
    Operation(
        permission="organization:create",
        body=Body,
        status=201,
        refusals=("quota_exceeded",),
        example={"name": "Acme Radio", "settings": {"locale": "de-DE"}},
    )
)
def handler(request: Request[Body]) -> Answer:
    organization = Ref(decider=ORGANIZATION, id=new_id(), creates=True)
    create = CreateOrganization(name=request.body.name, settings=request.body.settings)

    def decide(at: Snapshot) -> Decision:
        seat = quota.take(request.tenant_id, "organizations")
        return Decision(changes=(at.decide(organization, create),), actions=(seat,))

    return request.transact((organization,), decide, created("/v1/identity/organizations/{id}"))
