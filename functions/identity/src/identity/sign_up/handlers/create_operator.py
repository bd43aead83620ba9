"""No route: creates an operator. The right to invoke the function is the permission."""

from pydantic import BaseModel

from identity.sign_in.accounts import credential_ref, hashed, profile_of
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.security import addresses, passwords
from troupe.security.addresses import AddressTaken
from troupe.security.credential import OpenCredential
from troupe.store import keys, reads, writes
from troupe.store.keys import SYSTEM
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, transact


class Body(fields.Body):
    email: fields.Email
    password: fields.Password
    display_name: fields.Name = "Operator"


class Operator(BaseModel, frozen=True):
    id: str


REFUSALS = ("email_taken", *passwords.REFUSALS)


@endpoint(Operation(secret=True, body=Body, reply=Operator, refusals=REFUSALS))
def handler(request: Request[Body]) -> Answer:
    """An operator who is there already is answered, and keeps the password."""
    if request.caller.kind != "system" or request.tenant_id != SYSTEM:
        raise Forbidden("operator_required", "An operator is made under the tenant @, by direct invocation.")
    body = request.body
    passwords.check(body.password, body.email)
    made, text = new_id(), passwords.hash(body.password)
    try:
        transact(request.scope, (), lambda at: _made(at, made, body, text))
    except AddressTaken:
        holder = reads.one(keys.email(body.email))
        if holder is None or holder["tenant_id"] != SYSTEM:
            raise
        made = holder["principal_id"]
    return Answer(status=200, body={"id": made})


def _made(at: Snapshot, operator_id: str, body: Body, text: str) -> Decision:
    opening = OpenCredential(kind="operator", email=body.email, status="active", roles=("operator",))
    return Decision(
        changes=(at.decide(credential_ref(operator_id, creates=True), opening),),
        actions=(
            *addresses.proved(SYSTEM, operator_id, body.email),
            hashed(SYSTEM, operator_id, text),
            writes.put(profile_of(SYSTEM, operator_id), {"display_name": body.display_name}),
        ),
    )
