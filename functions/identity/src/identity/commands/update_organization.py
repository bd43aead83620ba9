"""PATCH /v1/identity/organizations/{organization_id}"""

from pydantic import Field

from identity.organization import ORGANIZATION, UpdateOrganization
from troupe import fields
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    """What is not sent stays; the settings are replaced as a whole."""

    name: fields.Name = Field(default_factory=str)
    settings: fields.Map = Field(default_factory=dict)


@endpoint(
    Operation(
        permission="organization:update",
        body=Body,
        example={"name": "Acme Berlin", "settings": {"color": "#0a7", "locale": "de-DE"}},
    )
)
def handler(request: Request[Body]) -> Answer:
    organization = Ref(decider=ORGANIZATION, id=request.id("organization_id"))
    return request.execute(organization, UpdateOrganization(**fields.given(request.body)))
