"""PUT /v1/identity/users/{user_id}/follow"""

from identity.follow import transactions
from identity.follow.decider import FOLLOW, FollowUser, pair
from identity.user.decider import USER
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store import writes
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(permission="user:follow", refusals=("user_not_active", "follows_oneself")))
def handler(request: Request[NoBody]) -> Answer:
    follower = Ref(decider=USER, id=request.caller.id)
    followee = Ref(decider=USER, id=request.id("user_id"))
    follow = Ref(decider=FOLLOW, id=pair(follower.id, followee.id), creates=True)

    def decide(at: Snapshot) -> Decision:
        both = FollowUser(
            follower=transactions.active(at.of(follower)), followee=transactions.active(at.of(followee))
        )
        change = at.decide(follow, both)
        if not change.events:
            return Decision(changes=(change,))
        as_read = (
            writes.unchanged(each.key(request.tenant_id), at.of(each).version)
            for each in (follower, followee)
        )
        moved = transactions.counted(request.tenant_id, follower.id, followee.id, 1)
        return Decision(changes=(change,), actions=(*as_read, *moved))

    return request.transact((follow, follow.key(request.tenant_id), follower, followee), decide)
