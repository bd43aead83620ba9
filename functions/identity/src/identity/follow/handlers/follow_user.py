"""PUT /v1/identity/users/{user_id}/follow"""

from identity.follow import transactions
from identity.follow.decider import FOLLOW, FollowUser, pair
from identity.user.decider import USER
from identity.user.transactions import subject
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot


@endpoint(Operation(permission="user:follow", refusals=("user_not_active", "cannot_follow_self")))
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
        # Many follow one person at once, who may as well be suspended a moment later.
        return Decision(changes=(change,), actions=(at.unchanged(follower),))

    subjects = (subject(request.tenant_id, each.id) for each in (follower, followee))
    wanted: list[ReadTarget] = [follow, follow.key(request.tenant_id), follower, followee, *subjects]
    return request.transact(wanted, decide)
