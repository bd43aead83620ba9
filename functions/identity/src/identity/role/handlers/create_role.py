"""POST /v1/identity/roles"""

from identity.role import transactions
from identity.role.decider import ROLE, CreateRole
from identity.role.granting import may_grant
from identity.role.requests import PermissionNames, RoleName
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    name: RoleName
    description: fields.Text | None = None
    permissions: PermissionNames


REFUSALS = ("permission_escalation", "role_name_taken", "too_many_roles", "unknown_permission")


@endpoint(
    Operation(
        permission="role:create",
        body=Body,
        status=201,
        refusals=REFUSALS,
        example={
            "name": "Editors",
            "description": "They look after what is posted.",
            "permissions": ["user:inspect", "user:suspend"],
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    body, tenant_id = request.body, request.tenant_id
    role = Ref(decider=ROLE, id=new_id(), creates=True)
    create = CreateRole(name=body.name, description=body.description, permissions=body.permissions)

    def decide(at: Snapshot) -> Decision:
        change = at.decide(role, create)
        may_grant(request.caller, set(body.permissions))
        beside = (
            transactions.claim(tenant_id, body.name, role.id),
            *transactions.opened(tenant_id, role.id),
            transactions.published(tenant_id, role.id, sorted(set(body.permissions))),
        )
        return Decision(changes=(change,), actions=beside)

    return request.transact((role,), decide, created("/v1/identity/roles/{id}"))
