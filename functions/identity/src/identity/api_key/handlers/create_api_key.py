"""POST /v1/identity/api-keys"""

from dataclasses import replace

from identity.api_key import transactions
from identity.api_key.decider import API_KEY, CreateApiKey
from identity.api_key.responses import Issued
from identity.role.granting import may_grant
from identity.role.requests import PermissionNames
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.security import api_keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    name: fields.Name
    permissions: PermissionNames
    expires_at: fields.Instant | None = None


@endpoint(
    Operation(
        permission="api_key:create",
        body=Body,
        reply=Issued,
        status=201,
        secret=True,
        refusals=("permission_escalation", "expiry_in_the_past", "too_many_api_keys", "unknown_permission"),
        example={"name": "Nightly export", "permissions": ["order:inspect", "order:read"]},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Make a key for a program. Its secret is in this answer alone.

    Its permissions are at most those of the person who makes it. It goes on when that person leaves.
    """
    body, tenant_id = request.body, request.tenant_id
    ref = Ref(decider=API_KEY, id=new_id(), creates=True)
    key = api_keys.fresh(tenant_id, ref.id)
    create = CreateApiKey(name=body.name, permissions=body.permissions, expires_at=body.expires_at)

    def decide(at: Snapshot) -> Decision:
        change = at.decide(ref, create)
        may_grant(request.caller, set(body.permissions))
        access = api_keys.opened(key, sorted(set(body.permissions)), body.expires_at)
        return Decision(changes=(change,), actions=(transactions.counted(tenant_id), access))

    answer = request.transact((ref,), decide, created("/v1/identity/api-keys/{id}"))
    return replace(answer, body={**answer.body, "secret": key.text(), "prefix": api_keys.prefix(ref.id)})
