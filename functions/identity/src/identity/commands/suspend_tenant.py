"""POST /v1/identity/tenants/{tenant_id}/suspend"""

from identity import standing
from identity.tenant_commands import SuspendTenant
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="tenant:suspend",
        body=Body,
        refusals=("invalid_transition",),
        example={"reason": "The invoice of February is unpaid."},
    )
)
def handler(request: Request[Body]) -> Answer:
    return standing.change(request, SuspendTenant(reason=request.body.reason))
