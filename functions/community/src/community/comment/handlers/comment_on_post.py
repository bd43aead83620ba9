"""POST /v1/community/posts/{post_id}/comments"""

from community.comment import read
from community.comment.decider import CommentOnPost
from community.person import person as person_person
from community.post import engagement, transactions, values
from community.post.requests import Comment
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


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
    post_id, tenant_id, author_id = transactions.post_id(request), request.tenant_id, request.caller.id
    comment = read.comment_ref(values.comment(post_id, new_id()), creates=True)

    def decide(at: Snapshot) -> Decision:
        caller = transactions.open_to(at, request, post_id).caller
        person = person_person.known(at, author_id)
        if not person.allowances.can_comment:
            raise Forbidden("may_not_comment", "The profile does not allow to comment.")
        command = CommentOnPost(
            community_id=caller.community_id,
            post_id=post_id,
            author=transactions.snapshot_of(caller, person),
            text=request.body.text,
        )
        counted = engagement.commented(tenant_id, post_id, author_id, 1)
        change = at.decide(comment, command)
        return Decision(changes=(change,), actions=(counted, *transactions.membership(caller)))

    wanted = (
        comment,
        *transactions.keys_to_read(request, post_id),
        *person_person.key_to_read(tenant_id, author_id),
        person_person.subject(tenant_id, author_id),
    )
    return request.transact(wanted, decide, created(f"/v1/community/posts/{post_id}/comments"))
