"""PATCH /v1/identity/roles/{role_id}"""

from typing import cast

from pydantic import Field

from identity.role import transactions
from identity.role.decider import ROLE, RoleChanges, UpdateRole
from identity.role.granting import may_grant, own
from identity.role.requests import PermissionNames, RoleName
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    """What is not sent stays, null clears."""

    name: RoleName = Field(default_factory=str)  # may be left out, not cleared
    description: fields.Text | None = None
    permissions: PermissionNames = Field(default_factory=tuple)  # as the name


REFUSALS = ("permission_escalation", "role_name_taken", "too_many_roles", "unknown_permission")


@endpoint(
    Operation(
        permission="role:update",
        body=Body,
        refusals=REFUSALS,
        example={"permissions": ["user:inspect", "user:reactivate", "user:suspend"]},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Change a role. The new permissions hold at once for all who have it."""
    role = Ref(decider=ROLE, id=request.id("role_id"))
    update = UpdateRole(changes=cast("RoleChanges", fields.given(request.body)))

    def decide(at: Snapshot) -> Decision:
        change = at.decide(role, update)
        was, now = own(change.before), own(change.after)
        may_grant(request.caller, set(now.permissions) - set(was.permissions))
        return Decision(changes=(change,), actions=transactions.updated(request.tenant_id, role.id, was, now))

    return request.transact((role,), decide)
