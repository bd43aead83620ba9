"""POST /v1/identity/tenants/{tenant_id}/reactivate"""

from identity import standing
from identity.tenant_commands import ReactivateTenant
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="tenant:reactivate", refusals=("invalid_transition",)))
def handler(request: Request[NoBody]) -> Answer:
    """End a suspension, or a trial before its time."""
    return standing.change(request, ReactivateTenant())
