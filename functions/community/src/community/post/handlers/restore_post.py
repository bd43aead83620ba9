"""POST /v1/community/posts/{post_id}/restore"""

from community.post import access_rules as post_access_rules
from community.post import media, transactions
from community.post.commands import RestorePost
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(permission="post:restore", refusals=("moderator_required", "media_missing")))
def handler(request: Request[NoBody]) -> Answer:
    """Restore a post. A moderator restores a hidden one; the one who deleted a post restores it."""
    post_id = transactions.post_id(request)

    def decide(at: Snapshot) -> Decision:
        place = transactions.found(at, request, post_id)
        if not post_access_rules.may_restore(place.caller.viewer, place.post):
            raise Forbidden("moderator_required", "This is for the community's moderators.")
        change = at.decide(transactions.post_ref(post_id), RestorePost(), deleted=True)
        actions = (*place.caller.as_read(), *media.moved(at, change))
        return Decision(changes=(change,), actions=actions if change.events else ())

    return request.transact(transactions.keys_to_read(request, post_id), decide)
