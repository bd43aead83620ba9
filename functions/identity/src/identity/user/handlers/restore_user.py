"""POST /v1/identity/users/{user_id}/restore"""

from identity.user import transactions
from identity.user.commands import RestoreUser
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.quota import quota
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(
    Operation(
        permission="user:restore", refusals=("quota_exceeded", "never_verified", "personal_data_erased")
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """Bring a person back to the former status, at the former address, for a seat of the plan."""
    user, credential = transactions.refs(request.id("user_id"))
    standing = keys.standing(request.tenant_id)

    def decide(at: Snapshot) -> Decision:
        own_roles = (at.item(standing) or {}).get("roles", {}).keys()
        change = at.decide(user, RestoreUser(own_roles=own_roles), deleted=True)
        return transactions.with_credential(at, change, quota.take(request.tenant_id, "users"))

    return request.transact((user, credential, standing), decide)
