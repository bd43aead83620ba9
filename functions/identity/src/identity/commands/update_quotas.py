"""PUT /v1/identity/tenants/{tenant_id}/quotas"""

from typing import Annotated

from pydantic import Field

from identity import standing
from identity.plans import Overrides
from identity.tenant_commands import UpdateQuotas
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.quota_watch import UNLIMITED
from troupe.request import Request
from troupe.scope import Answer

Limit = Annotated[int, Field(ge=0, le=UNLIMITED)]


class Body(fields.Body):
    """What is null or left out is as the plan says."""

    max_talents: Limit | None = None
    max_campaigns: Limit | None = None
    max_users: Limit | None = None
    max_organizations: Limit | None = None
    max_api_calls_per_month: Limit | None = None
    max_storage_bytes: Limit | None = None


@endpoint(
    Operation(
        permission="tenant:update_quotas",
        body=Body,
        refusals=("tenant_cancelled",),
        example={"max_users": 80000, "max_api_calls_per_month": 25000000},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Set a tenant's limits apart from its plan's, all of them at once."""
    return standing.change(request, UpdateQuotas(overrides=Overrides(**request.body.model_dump())))
