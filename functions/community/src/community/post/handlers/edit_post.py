"""PATCH /v1/community/posts/{post_id}"""

from community import access, media, people, posts
from community.post_commands import EditPost
from community.post_forms import PostForm
from troupe.http import Operation, endpoint
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


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
            "repeated",
        ),
        example={"text": "Baked this morning, and eaten by noon."},
    )
)
def handler(request: Request[PostForm]) -> Answer:
    """What is not sent stays. Where posts are looked at first, a published one waits for that again."""
    post_id, tenant_id, author_id = posts.post_id(request), request.tenant_id, request.caller.id
    post = posts.post_ref(post_id)

    def decide(at: Snapshot) -> Decision:
        place = posts.seen(at, request, post_id)
        seat = place.seat
        if not access.owns(seat.viewer, place.post):
            raise Forbidden("author_required", "Whoever wrote a post edits it.")
        posts.poster(at, seat)
        folder = media.folder(tenant_id, seat.community_id, author_id)
        command = EditPost(
            changes=request.body.changes(folder),
            moderated=access.awaits_moderation(seat.viewer, seat.community),
        )
        change = at.decide(post, command)
        return Decision(changes=(change,), actions=posts.spoken(seat) if change.events else ())

    wanted = (*posts.wanted(request, post_id), *people.wanted(tenant_id, author_id))
    return request.transact(wanted, decide)
