"""PUT /v1/identity/users/{user_id}/follow"""

from identity import follows
from identity.follow import FOLLOW, FollowUser, pair
from identity.user import USER
from troupe import writes
from troupe.aggregates import Ref
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="user:follow", refusals=("user_not_active", "follows_oneself")))
def handler(request: Request[NoBody]) -> Answer:
    follower = Ref(decider=USER, id=request.caller.id)
    followee = Ref(decider=USER, id=request.id("user_id"))
    follow = Ref(decider=FOLLOW, id=pair(follower.id, followee.id), creates=True)

    def decide(at: Snapshot) -> Decision:
        both = FollowUser(follower=follows.active(at.of(follower)), followee=follows.active(at.of(followee)))
        change = at.decide(follow, both)
        if not change.events:
            return Decision(changes=(change,))
        as_read = (
            writes.unchanged(each.key(request.tenant_id), at.of(each).version)
            for each in (follower, followee)
        )
        moved = follows.counted(request.tenant_id, follower.id, followee.id, 1)
        return Decision(changes=(change,), actions=(*as_read, *moved))

    return request.transact((follow, follow.key(request.tenant_id), follower, followee), decide)
