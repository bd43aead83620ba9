"""POST /v1/identity/users/{user_id}/erase"""

from functools import partial

from identity.user import erasure
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.security.addresses import AddressMoved
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(
    Operation(permission="user:erase", reply=erasure.Erased, refusals=("owner_protected", "last_owner"))
)
def handler(request: Request[NoBody]) -> Answer:
    """Erase a person's data for good; answers what the law makes us keep, and until when."""
    user_id = request.id("user_id")
    wanted = erasure.wanted(request.tenant_id, user_id)

    def decide(at: Snapshot, *, release: bool = True) -> Decision:
        return erasure.requested(request, at, user_id, release=release)

    try:
        return request.transact(wanted, decide)
    except AddressMoved:
        return request.transact(wanted, partial(decide, release=False))
