"""DELETE /v1/identity/users/{user_id}/organizations/{organization_id}"""

from identity import memberships
from identity.user_commands import RemoveFromOrganization
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="organization:assign"))
def handler(request: Request[NoBody]) -> Answer:
    command = RemoveFromOrganization(organization_id=request.id("organization_id"))
    return memberships.change(request, request.id("user_id"), command)
