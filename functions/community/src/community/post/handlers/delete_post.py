"""DELETE /v1/community/posts/{post_id}"""

from community.communities import access_rules
from community.post import access_rules as post_access_rules
from community.post import media, transactions
from community.post.commands import DeletePost
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(permission="post:delete", refusals=("author_required",)))
def handler(request: Request[NoBody]) -> Answer:
    """Delete a post, as its author or as a moderator. The one who deleted it can restore it.

    Its files are kept for 30 days; then they are removed, and their bytes are free again.
    """
    post_id = transactions.post_id(request)

    def decide(at: Snapshot) -> Decision:
        place = transactions.found(at, request, post_id)
        caller, own = place.caller, post_access_rules.owns(place.caller.viewer, place.post)
        if not own and not access_rules.may_moderate(caller.viewer):
            raise Forbidden("author_required", "A post is deleted by its author, or by a moderator.")
        change = at.decide(transactions.post_ref(post_id), DeletePost(by_author=own), deleted=True)
        as_read = () if own else caller.as_read()
        actions = (*as_read, *media.moved(at, change))
        return Decision(changes=(change,), actions=actions if change.events else ())

    return request.transact(transactions.keys_to_read(request, post_id), decide)
