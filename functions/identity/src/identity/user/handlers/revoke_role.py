"""DELETE /v1/identity/users/{user_id}/roles/{role_id}"""

from identity.role.granting import allowed, may_grant, named
from identity.user import transactions
from identity.user.commands import RevokeRole
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(
    Operation(
        permission="role:revoke", refusals=("permission_escalation", "role_not_assignable", "last_owner")
    )
)
def handler(request: Request[NoBody]) -> Answer:
    user, credential = transactions.refs(request.id("user_id"))
    role = named(request.path["role_id"])

    def decide(at: Snapshot) -> Decision:
        change = at.decide(user, RevokeRole(role=role.id))
        may_grant(request.caller, allowed(at, role))
        return transactions.with_credential(at, change)

    return request.transact((user, credential, role), decide)
