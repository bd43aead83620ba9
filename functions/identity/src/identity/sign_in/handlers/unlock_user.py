"""POST /v1/identity/users/{user_id}/unlock"""

from identity.sign_in import attempts
from identity.sign_in.accounts import credential_of, credential_ref, decide_sign_in, sign_in_of
from identity.sign_in.decider import Unlock
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown


@endpoint(Operation(permission="user:unlock"))
def handler(request: Request[NoBody]) -> Answer:
    user_id = request.id("user_id")
    tally = attempts.account(request.tenant_id, user_id)

    def decide(at: Snapshot) -> Decision:
        if credential_of(at, user_id) is None:
            raise Unknown(user_id)
        spent = (at.item(tally) or {}).get("attempts")
        lift = (attempts.forget_all(request.tenant_id, user_id, request.now),) if spent else ()
        return Decision(changes=(decide_sign_in(at, user_id, Unlock()),), actions=lift)

    return request.transact((sign_in_of(user_id), credential_ref(user_id), tally), decide)
