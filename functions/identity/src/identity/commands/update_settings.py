"""PATCH /v1/identity/tenants/{tenant_id}/settings"""

from typing import cast

from pydantic import Field

from identity import standing
from identity.tenant_commands import SettingsChanges, UpdateSettings
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    """What is not sent stays, and a map is replaced as a whole; null clears, where it is allowed."""

    name: fields.Name = Field(default_factory=str)
    domain: fields.Domain | None = None
    billing_email: fields.Email | None = None
    metadata: fields.Map = Field(default_factory=dict)
    zone: fields.Zone = Field(default_factory=str)
    open_sign_up: bool = Field(default_factory=bool)
    default_currency: fields.Currency = Field(default_factory=str)
    custom: fields.Map = Field(default_factory=dict)


@endpoint(
    Operation(permission="tenant:update_settings", body=Body, refusals=("domain_taken", "tenant_cancelled"))
)
def handler(request: Request[Body]) -> Answer:
    changes = cast("SettingsChanges", fields.given(request.body))
    return standing.change(request, UpdateSettings(changes=changes))
