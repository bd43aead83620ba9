"""PUT /v1/community/posts/{post_id}/vote"""

from typing import Annotated

from pydantic import BaseModel, Field

from community.post import engagement, transactions
from community.post.content_rules import check_vote
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    option_id: Annotated[
        str,
        limits.Text(pattern=r"^[0-9]{1,2}$", means="the id of an option of this poll"),
        Field(examples=["1"]),
    ]


class Voted(BaseModel, frozen=True):
    post_id: str
    option_id: str


@endpoint(
    Operation(
        permission="post:vote",
        body=Body,
        reply=Voted,
        refusals=("member_required", "not_published", "no_poll", "poll_closed", "unknown_option"),
        example={"option_id": "1"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """One for each person; another one replaces it as long as the poll is open."""
    post_id, user_id, option_id = transactions.post_id(request), request.caller.id, request.body.option_id

    def decide(at: Snapshot) -> Decision:
        place = transactions.open_to(at, request, post_id)
        check_vote(place.post.content.poll, option_id, request.now)
        chosen = engagement.choose(at, post_id, user_id, "VOTE", option_id)
        body = {"post_id": post_id, "option_id": option_id}
        return Decision(
            changes=(), actions=(*chosen, *transactions.membership(place.caller)) if chosen else (), body=body
        )

    own = engagement.own(request.tenant_id, post_id, user_id, "VOTE")
    return request.transact((*transactions.read(request, post_id), own), decide, transactions.answer)
