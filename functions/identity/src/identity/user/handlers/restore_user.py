"""POST /v1/identity/users/{user_id}/restore"""

from identity import people
from identity.user_commands import RestoreUser
from troupe import keys, quota
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="user:restore", refusals=("quota_exceeded",)))
def handler(request: Request[NoBody]) -> Answer:
    """Bring a person back to the former status, at the former address, for a seat of the plan."""
    user, credential = people.refs(request.id("user_id"))
    standing = keys.standing(request.tenant_id)

    def decide(at: Snapshot) -> Decision:
        own_roles = (at.item(standing) or {}).get("roles", {}).keys()
        change = at.decide(user, RestoreUser(own_roles=own_roles), deleted=True)
        return people.in_step(at, change, quota.take(request.tenant_id, "users"))

    return request.transact((user, credential, standing), decide)
