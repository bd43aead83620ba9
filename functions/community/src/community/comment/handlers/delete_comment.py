"""DELETE /v1/community/comments/{comment_id}"""

from community.comment import read
from community.comment.decider import DeleteComment
from community.communities import access_rules
from community.communities import caller as community_callers
from community.post import engagement, values
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(permission="comment:delete", refusals=("author_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """By its author, or by a moderator. It does not come back."""
    comment_id = read.comment_id(request)
    comment, community_id = read.comment_ref(comment_id), values.community_of(comment_id)

    def decide(at: Snapshot) -> Decision:
        caller = community_callers.seen(at, request, community_id)
        stored = at.of(comment, deleted=True).state
        own = stored.author.id == caller.viewer.id
        if not own and not access_rules.may_moderate(caller.viewer):
            raise Forbidden("author_required", "A comment is deleted by its author, or by a moderator.")
        change = at.decide(comment, DeleteComment(by_author=own), deleted=True)
        if not change.events:
            return Decision(changes=(change,))
        counted = engagement.commented(request.tenant_id, stored.post_id, stored.author.id, -1)
        return Decision(changes=(change,), actions=(counted, *(() if own else caller.as_read())))

    return request.transact((comment, *community_callers.keys_to_read(request, community_id)), decide)
