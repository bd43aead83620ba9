"""POST /v1/identity/users/{user_id}/deactivate"""

from dataclasses import replace

from identity.staff.decider import Deactivate
from identity.staff.transactions import deactivated, staff
from identity.user import owners, transactions
from identity.user.commands import SuspendUser
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="user:deactivate",
        body=Body,
        refusals=("not_staff", "owner_protected", "last_owner", "invalid_transition", "user_deleted"),
        example={"reason": "Left the company."},
    )
)
def handler(request: Request[Body]) -> Answer:
    """End a staff member's access: the account is suspended, its sessions end, its seat stays taken."""
    user_id = request.id("user_id")
    user, credential = transactions.refs(user_id)

    def decide(at: Snapshot) -> Decision:
        found = at.of(user)
        owners.protect(request.caller, found.state)
        has_access = found.state.status != "suspended"
        gone = deactivated(at, user_id, Deactivate(reason=request.body.reason, has_access=has_access))
        suspended = transactions.with_credential(at, at.decide(user, SuspendUser(reason="deactivated")))
        return replace(suspended, changes=(*suspended.changes, gone))

    return request.transact(
        (user, credential, staff(user_id), transactions.subject(request.tenant_id, user_id)), decide
    )
