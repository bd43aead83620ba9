"""POST /v1/community/posts/{post_id}/comments"""

from community import addresses, comments, engagement, people, posts
from community.comment import CommentOnPost
from community.post_forms import Comment
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.ids import new_id
from troupe.principal import Forbidden
from troupe.request import Request, created
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


class Body(fields.Body):
    text: Comment


@endpoint(
    Operation(
        permission="comment:create",
        body=Body,
        status=201,
        refusals=("member_required", "may_not_comment", "not_published"),
        example={"text": "How long did it rise?"},
    )
)
def handler(request: Request[Body]) -> Answer:
    post_id, tenant_id, author_id = posts.post_id(request), request.tenant_id, request.caller.id
    comment = comments.comment_ref(addresses.comment(post_id, new_id()), creates=True)

    def decide(at: Snapshot) -> Decision:
        seat = posts.open_to(at, request, post_id).seat
        person = people.known(at, author_id)
        if not person.allowances.can_comment:
            raise Forbidden("may_not_comment", "The profile does not allow to comment.")
        command = CommentOnPost(
            community_id=seat.community_id,
            post_id=post_id,
            author=posts.party(seat, person),
            text=request.body.text,
        )
        counted = engagement.commented(tenant_id, post_id, author_id, 1)
        change = at.decide(comment, command)
        return Decision(changes=(change,), actions=(counted, *posts.still_member(seat)))

    wanted = (comment, *posts.wanted(request, post_id), *people.wanted(tenant_id, author_id))
    return request.transact(wanted, decide, created(f"/v1/community/posts/{post_id}/comments"))
