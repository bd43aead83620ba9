"""DELETE /v1/identity/users/{user_id}/follow"""

from identity import follows
from identity.follow import FOLLOW, UnfollowUser, pair
from troupe.aggregates import Ref
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


@endpoint(Operation(permission="user:follow"))
def handler(request: Request[NoBody]) -> Answer:
    follower_id, followee_id = request.caller.id, request.id("user_id")
    follow = Ref(decider=FOLLOW, id=pair(follower_id, followee_id))

    def decide(at: Snapshot) -> Decision:
        change = at.decide(follow, UnfollowUser())
        moved = follows.counted(request.tenant_id, follower_id, followee_id, -1)
        return Decision(changes=(change,), actions=moved if change.events else ())

    return request.transact((follow,), decide)
