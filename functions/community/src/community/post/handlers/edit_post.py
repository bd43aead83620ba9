"""PATCH /v1/community/posts/{post_id}"""

from community.communities import access_rules
from community.person import person
from community.post import access_rules as post_access_rules
from community.post import media, transactions
from community.post.commands import EditPost
from community.post.requests import PostForm
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(
    Operation(
        permission="post:edit",
        body=PostForm,
        refusals=(
            "author_required",
            "member_required",
            "leader_required",
            "may_not_post",
            "poll_fixed",
            "media_missing",
            "part_missing",
            "wrong_kind",
            "too_many_files",
            "duplicate_items",
        ),
        example={"text": "Baked this morning, and eaten by noon."},
    )
)
def handler(request: Request[PostForm]) -> Answer:
    """What is not sent stays. Where posts are looked at first, a published one waits for that again."""
    post_id, tenant_id, author_id = transactions.post_id(request), request.tenant_id, request.caller.id
    post = transactions.post_ref(post_id)

    def decide(at: Snapshot) -> Decision:
        place = transactions.seen(at, request, post_id)
        caller = place.caller
        if not post_access_rules.owns(caller.viewer, place.post):
            raise Forbidden("author_required", "Only the author of a post can edit it.")
        transactions.require_poster(at, caller)
        folder = media.folder(tenant_id, caller.community_id, author_id)
        command = EditPost(
            changes=request.body.changes(folder),
            moderated=access_rules.awaits_moderation(caller.viewer, caller.community),
        )
        change = at.decide(post, command)
        actions = (*transactions.membership_and_community(caller), *media.moved(at, change))
        return Decision(changes=(change,), actions=actions if change.events else ())

    wanted = (
        *transactions.keys_to_read(request, post_id),
        *person.key_to_read(tenant_id, author_id),
        person.subject(tenant_id, author_id),
    )
    return request.transact(wanted, decide)
