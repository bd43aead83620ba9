"""PUT /v1/identity/users/{user_id}/organizations/{organization_id}"""

from identity import memberships
from identity.user import USER
from identity.user_commands import AddToOrganization
from troupe.aggregates import Ref
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="organization:assign"))
def handler(request: Request[NoBody]) -> Answer:
    user = Ref(decider=USER, id=request.id("user_id"))
    organization_id = request.id("organization_id")

    def decide(at: Snapshot) -> Decision:
        there = memberships.there(at, organization_id)
        change = at.decide(user, AddToOrganization(organization_id=organization_id))
        return Decision(changes=(change,), actions=there if change.events else ())

    return request.transact((user, memberships.key(request.tenant_id, organization_id)), decide)
