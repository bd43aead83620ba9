"""POST /v1/community/posts/{post_id}/global-distribution"""

from community.distribution import transactions
from community.post import access_rules as post_access_rules
from community.post import transactions as post_transactions
from community.post.commands import RequestGlobalDistribution
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(
    Operation(
        permission="global_distribution:request",
        refusals=(
            "author_required",
            "member_required",
            "private_community",
            "not_published",
            "invalid_transition",
        ),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """Request that one's own post be shown to the whole tenant. A rejected post must be edited first."""
    post_id, tenant_id = post_transactions.post_id(request), request.tenant_id

    def decide(at: Snapshot) -> Decision:
        place = post_transactions.seen(at, request, post_id)
        if not post_access_rules.owns(place.caller.viewer, place.post):
            raise Forbidden("author_required", "Only the author of a post can ask for it.")
        post_transactions.require_member(place.caller)
        command = RequestGlobalDistribution(
            private=place.caller.community.private, decide_within=transactions.decide_within(at, tenant_id)
        )
        change = at.decide(post_transactions.post_ref(post_id), command)
        return Decision(
            changes=(change,),
            actions=post_transactions.membership_and_community(place.caller) if change.events else (),
        )

    return request.transact(
        (*post_transactions.keys_to_read(request, post_id), keys.standing(tenant_id)), decide
    )
