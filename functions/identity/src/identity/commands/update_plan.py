"""PUT /v1/identity/tenants/{tenant_id}/plan"""

from identity import standing
from identity.plans import Plan
from identity.tenant_commands import UpdatePlan
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    plan: Plan


@endpoint(
    Operation(
        permission="tenant:update_plan", body=Body, refusals=("tenant_cancelled",), example={"plan": "growth"}
    )
)
def handler(request: Request[Body]) -> Answer:
    """Confirm a plan, which ends a trial; one that allows less than is used takes nothing away."""
    return standing.change(request, UpdatePlan(plan=request.body.plan))
