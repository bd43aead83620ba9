"""POST /v1/community/posts/{post_id}/global-distribution"""

from community import access, distributions, posts
from community.post_commands import RequestGlobalDistribution
from troupe import keys
from troupe.http import NoBody, Operation, endpoint
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


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
    """Ask that everybody be shown a post of one's own. What was turned down is edited before that."""
    post_id, tenant_id = posts.post_id(request), request.tenant_id

    def decide(at: Snapshot) -> Decision:
        place = posts.seen(at, request, post_id)
        if not access.owns(place.seat.viewer, place.post):
            raise Forbidden("author_required", "Whoever wrote a post asks for it.")
        posts.member(place.seat)
        command = RequestGlobalDistribution(
            private=place.seat.community.private, decide_within=distributions.decide_within(at, tenant_id)
        )
        change = at.decide(posts.post_ref(post_id), command)
        return Decision(changes=(change,), actions=posts.spoken(place.seat) if change.events else ())

    return request.transact((*posts.wanted(request, post_id), keys.standing(tenant_id)), decide)
