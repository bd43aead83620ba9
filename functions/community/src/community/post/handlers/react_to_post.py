"""PUT /v1/community/posts/{post_id}/reactions"""

from pydantic import BaseModel

from community.post import engagement, transactions
from community.post.engagement import Reaction
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    """null takes the reaction back."""

    reaction: Reaction | None


class Reacted(BaseModel, frozen=True):
    post_id: str
    reaction: Reaction | None


@endpoint(
    Operation(
        permission="post:react",
        body=Body,
        reply=Reacted,
        refusals=("member_required", "not_published"),
        example={"reaction": "like"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """One for each person and post; another one replaces it."""
    post_id, user_id, reaction = transactions.post_id(request), request.caller.id, request.body.reaction

    def decide(at: Snapshot) -> Decision:
        place = transactions.open_to(at, request, post_id)
        chosen = engagement.choose(at, post_id, user_id, "REACTION", reaction)
        body = {"post_id": post_id, "reaction": reaction}
        return Decision(
            changes=(), actions=(*chosen, *transactions.membership(place.caller)) if chosen else (), body=body
        )

    own = engagement.own(request.tenant_id, post_id, user_id, "REACTION")
    return request.transact((*transactions.read(request, post_id), own), decide, transactions.answer)
