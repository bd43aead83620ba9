"""The plain commands of an organization."""

from typing import Any

from pydantic import Field

from identity.organization.decider import ORGANIZATION, CreateOrganization, UpdateOrganization
from troupe.edge import fields
from troupe.edge.routes import Routes, new
from troupe.quota import quota
from troupe.store.aggregates import Change
from troupe.store.transact import Decision, Snapshot

routes = Routes(ORGANIZATION)


class CreationBody(fields.Body):
    name: fields.Name
    settings: fields.Map = Field(default_factory=dict)


class ChangesBody(fields.Body):
    """What is not sent stays; the settings are replaced as a whole."""

    name: fields.Name = Field(default_factory=str)
    settings: fields.Map = Field(default_factory=dict)


def _counted(at: Snapshot, change: Change[Any, Any, Any]) -> Decision:
    return Decision(changes=(change,), actions=(quota.take(at.scope.tenant_id, "organizations"),))


create_organization = routes.post(
    "/organizations",
    CreateOrganization,
    target=new,
    permission="organization:create",
    body=CreationBody,
    also=_counted,
    refusals=("quota_exceeded",),
    example={"name": "Acme Radio", "settings": {"locale": "de-DE"}},
)
update_organization = routes.patch(
    "/organizations/{organization_id}",
    UpdateOrganization,
    permission="organization:update",
    body=ChangesBody,
    example={"name": "Acme Berlin", "settings": {"color": "#0a7", "locale": "de-DE"}},
)
