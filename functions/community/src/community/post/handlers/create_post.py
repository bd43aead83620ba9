"""POST /v1/community/communities/{community_id}/posts"""

from typing import Literal

from community.communities import access_rules
from community.communities import caller as community_callers
from community.person import person as person_person
from community.post import media, transactions, values
from community.post.commands import CreatePost
from community.post.requests import NewPostForm
from troupe.edge.endpoint import Operation, Version, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Posted(Version, frozen=True):
    """`pending` where a moderator looks at it before others see it."""

    status: Literal["pending", "published"]


@endpoint(
    Operation(
        permission="post:create",
        body=NewPostForm,
        reply=Posted,
        status=201,
        refusals=(
            "member_required",
            "leader_required",
            "may_not_post",
            "media_missing",
            "part_missing",
            "wrong_kind",
            "too_many_files",
            "duplicate_items",
            "in_the_past",
        ),
        example={"kind": "text", "title": "First loaf", "text": "Baked this morning."},
    )
)
def handler(request: Request[NewPostForm]) -> Answer:
    """By a member, or by the leader alone where the community is set so."""
    community_id, tenant_id, author_id = request.id("community_id"), request.tenant_id, request.caller.id
    post = transactions.post_ref(values.post(community_id, new_id()), creates=True)
    folder = media.folder(tenant_id, community_id, author_id)

    def decide(at: Snapshot) -> Decision:
        caller = community_callers.seen(at, request, community_id)
        person = transactions.require_poster(at, caller)
        command = CreatePost(
            community_id=community_id,
            author=transactions.snapshot_of(caller, person),
            content=request.body.content(folder),
            moderated=access_rules.awaits_moderation(caller.viewer, caller.community),
        )
        change = at.decide(post, command)
        body = {"status": transactions.post_of(change.after).status}
        actions = (*transactions.membership_and_community(caller), *media.moved(at, change))
        return Decision(changes=(change,), actions=actions, body=body)

    wanted = (
        post,
        *community_callers.keys_to_read(request, community_id),
        *person_person.key_to_read(tenant_id, author_id),
        person_person.subject(tenant_id, author_id),
    )
    return request.transact(wanted, decide, created("/v1/community/posts/{id}"))
