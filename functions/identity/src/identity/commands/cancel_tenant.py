"""POST /v1/identity/tenants/{tenant_id}/cancel"""

from identity import standing
from identity.tenant_commands import CancelTenant
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="tenant:cancel",
        body=Body,
        refusals=("invalid_transition",),
        example={"reason": "We merge into another agency."},
    )
)
def handler(request: Request[Body]) -> Answer:
    """For good: nobody writes any more, and the custom domain is given up; the slug stays taken."""
    return standing.change(request, CancelTenant(reason=request.body.reason))
