"""DELETE /v1/identity/users/{user_id}"""

from functools import partial

from identity.user import owners, transactions
from identity.user.commands import DeleteUser
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.security.addresses import AddressMoved
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

OTHERS = "user:delete"


@endpoint(Operation(refusals=("permission_required", "owner_protected", "last_owner")))
def handler(request: Request[NoBody]) -> Answer:
    """Delete a user, or oneself. A proved address stays taken; the seat of the plan becomes free."""
    user, credential = transactions.refs(request.id("user_id"))
    if request.caller.id != user.id and OTHERS not in request.caller.permissions:
        raise Forbidden("permission_required", f"For others, this takes the permission {OTHERS}.")

    def decide(at: Snapshot, *, release: bool = True) -> Decision:
        owners.protect(request.caller, at.of(user, deleted=True).state)
        change = at.decide(user, DeleteUser(), deleted=True)
        return transactions.gone(at, change, release=release)

    try:
        return request.transact((user, credential), decide)
    except AddressMoved:
        return request.transact((user, credential), partial(decide, release=False))
