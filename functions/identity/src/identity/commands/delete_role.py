"""DELETE /v1/identity/roles/{role_id}"""

from identity import own_roles
from identity.granting import own
from identity.role import ROLE, DeleteRole
from troupe.aggregates import Ref
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="role:delete", refusals=("role_in_use",)))
def handler(request: Request[NoBody]) -> Answer:
    role = Ref(decider=ROLE, id=request.id("role_id"))

    def decide(at: Snapshot) -> Decision:
        change = at.decide(role, DeleteRole(), deleted=True)
        gone = own_roles.deleted(request.tenant_id, role.id, own(change.before))
        return Decision(changes=(change,), actions=gone if change.events else ())

    return request.transact((role,), decide)
