"""No route: whoever may invoke the function makes the first operator, and the next ones."""

from pydantic import BaseModel

from identity.accounts import credential_ref, hashed, profile_of
from identity.sign_up import AddressTaken
from troupe import fields, keys, passwords, reads, writes
from troupe.credential import OpenCredential
from troupe.http import Operation, endpoint
from troupe.ids import new_id
from troupe.keys import SYSTEM
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, transact


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
        raise Forbidden("operators_alone", "An operator is made under the tenant @, by direct invocation.")
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
    owner = {"tenant_id": SYSTEM, "principal_id": operator_id}
    return Decision(
        changes=(at.decide(credential_ref(operator_id, creates=True), opening),),
        actions=(
            writes.claim(keys.email(body.email), owner, AddressTaken()),
            hashed(SYSTEM, operator_id, text),
            writes.put(profile_of(SYSTEM, operator_id), {"display_name": body.display_name}),
        ),
    )
