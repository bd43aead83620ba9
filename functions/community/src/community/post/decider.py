"""A post: written, looked at where the community wants that, shown, hidden, deleted and brought back.

Its author may request global distribution, and the tenant's administrators decide about it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from community.post.commands import (
    ApproveGlobalDistribution,
    Command,
    CreatePost,
    DeletePost,
    Distributing,
    EditPost,
    HidePost,
    PublishPost,
    RejectGlobalDistribution,
    RemindAdministrators,
    RequestGlobalDistribution,
    RestorePost,
)
from community.post.content_rules import check, check_poll
from community.post.events import (
    Event,
    PostCreated,
    PostDeleted,
    PostEdited,
    PostGlobalApproved,
    PostGlobalRejected,
    PostGlobalReminded,
    PostGlobalRequested,
    PostGlobalWithdrawn,
    PostHidden,
    PostPersonalDataErased,
    PostPublished,
    PostRestored,
)
from community.post.state import Post, Reach, begin, evolve
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339

EXCERPT = 200  # characters of the text that a list shows


def decide(command: Command, state: Post, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each command
    match command:
        case DeletePost():
            return _delete(command, state, context)
        case RestorePost():
            return _restore(state, context)
        case _ if state.deleted:
            raise Rejected("post_deleted", "A deleted post is restored before anything else.")
        case EditPost():
            return _edit(command, state, context)
        case PublishPost():
            return _publish(state, context)
        case HidePost():
            return _hide(command, state, context)
        case RemindAdministrators():
            return _remind(state, context)
        case _:
            return _distribute(command, state, context)


def create(command: CreatePost, context: Context) -> tuple[Event, ...]:
    content, author = command.content, command.author
    check(content)
    check_poll(content.poll, context.now)
    created = PostCreated(
        community_id=command.community_id,
        author_id=author.id,
        author=author,
        kind=content.kind,
        title=content.title,
        text=content.text,
        media=content.media,
        link=content.link,
        poll=content.poll,
        status="pending" if command.moderated else "published",
        created_at=context.now,
    )
    if command.moderated:
        return (created,)
    published = PostPublished(
        community_id=command.community_id, author_id=author.id, published_at=context.now
    )
    return (created, published)


def _of(state: Post) -> dict[str, str]:
    """Whose post it is, which every event tells."""
    return {"community_id": state.community_id, "author_id": state.author.id}


def _edit(command: EditPost, state: Post, context: Context) -> tuple[Event, ...]:
    content = replace(state.content, **command.changes)
    if content == state.content:
        return ()
    if content.kind == "poll":
        raise Rejected("poll_fixed", "What people vote on does not change.")
    check(content)
    again = command.moderated and state.status == "published"
    edited = PostEdited(
        **_of(state),
        title=content.title,
        text=content.text,
        media=content.media,
        link=content.link,
        status="pending" if again else state.status,
        edited_at=context.now,
    )
    if state.distribution.status == "none":
        return (edited,)
    return (edited, PostGlobalWithdrawn(**_of(state)))


def _publish(state: Post, context: Context) -> tuple[Event, ...]:
    if state.status == "published":
        return ()
    if state.status != "pending":
        raise _no_way("published", state.status)
    return (PostPublished(**_of(state), published_at=state.published_at or context.now),)


def _hide(command: HidePost, state: Post, context: Context) -> tuple[Event, ...]:
    if state.hidden:
        return ()
    return (PostHidden(**_of(state), reason=command.reason, hidden_at=context.now),)


def _delete(command: DeletePost, state: Post, context: Context) -> tuple[Event, ...]:
    if state.deleted:
        return ()
    return (PostDeleted(**_of(state), by_author=command.by_author, deleted_at=context.now),)


def _restore(state: Post, context: Context) -> tuple[Event, ...]:
    """Lift what lies on top: the deletion, else the hiding."""
    if state.deleted:
        below = replace(state, deleted=None)
    elif state.hidden:
        below = replace(state, hidden=None)
    else:
        return ()
    return (PostRestored(**_of(state), status=below.status, restored_at=context.now),)


def _no_way(to: str, was: str) -> Rejected:
    return Rejected("invalid_transition", f"This does not make {to} what is {was}.")


# The transitions of a request for global distribution.
_REACHES: Mapping[type[Distributing], tuple[Reach, Reach]] = {
    RequestGlobalDistribution: ("none", "requested"),
    ApproveGlobalDistribution: ("requested", "approved"),
    RejectGlobalDistribution: ("requested", "rejected"),
}


def _distribute(command: Distributing, state: Post, context: Context) -> tuple[Event, ...]:
    was, to = _REACHES[type(command)]
    reach = state.distribution.status
    if reach == to or (reach == "approved" and isinstance(command, RequestGlobalDistribution)):
        return ()
    if reach != was:
        raise _no_way(to, reach)
    if isinstance(command, RejectGlobalDistribution):
        rejected = PostGlobalRejected(
            **_of(state), rejected_by=context.actor, reason=command.reason, rejected_at=context.now
        )
        return (rejected,)
    if command.private:
        raise Rejected("private_community", "What is said in a private community stays in it.")
    if state.status != "published":
        raise Rejected("not_published", "Publish the post in its community first.")
    if isinstance(command, ApproveGlobalDistribution):
        return (PostGlobalApproved(**_of(state), approved_by=context.actor, approved_at=context.now),)
    decide_by = context.now + command.decide_within
    return (PostGlobalRequested(**_of(state), requested_at=context.now, decide_by=decide_by),)


def _remind(state: Post, context: Context) -> tuple[Event, ...]:
    """Remind once a day at most; a reminder that comes too late has no event."""
    asked = state.distribution
    if asked.remind_at is None or asked.decide_by is None or asked.remind_at > context.now:
        return ()
    reminded = PostGlobalReminded(
        **_of(state), number=asked.reminders + 1, decide_by=asked.decide_by, reminded_at=context.now
    )
    return (reminded,)


def _erased(state: Post, of: tuple[str, ...], context: Context) -> Event:
    return PostPersonalDataErased(**_of(state), of=of, erased_at=context.now)


REQUESTS = "GLOBAL_REQUESTS"  # the list of what waits for the administrators
DUE = "global_request"  # for a reminder or the end of the time to decide, whichever comes next
_QUEUES = {"pending": "PENDING_POSTS", "hidden": "HIDDEN_POSTS"}


def _listed(state: Post, post_id: str) -> Listing:
    """With the moderators while it is pending or hidden; with the administrators while they are asked."""
    place = _waits(state, post_id)
    due_at = None if state.deleted else state.distribution.due_at
    if not (place or due_at):
        return Listing()
    return Listing(collection=place, due=(DUE, due_at) if due_at else None, summary=_summary(state))


def _waits(state: Post, post_id: str) -> tuple[str, str] | None:
    if name := _QUEUES.get(state.status):
        return f"{name}#{state.community_id}", f"{rfc3339(state.created_at)}#{post_id}"
    asked = state.distribution
    if asked.status != "requested" or asked.requested_at is None or state.deleted:
        return None
    return REQUESTS, f"{rfc3339(asked.requested_at)}#{post_id}"


def _summary(state: Post) -> dict[str, Any]:
    content, asked = state.content, state.distribution
    return {
        "community_id": state.community_id,
        "author_id": state.author.id,
        "display_name": state.author.display_name,
        "avatar_url": state.author.avatar_url,
        "kind": content.kind,
        "title": content.title,
        "excerpt": content.text[:EXCERPT],
        "status": state.status,
        "created_at": rfc3339(state.created_at),
        "reason": state.hidden and state.hidden.reason,
        "requested_at": asked.requested_at and rfc3339(asked.requested_at),
        "decide_by": asked.decide_by and rfc3339(asked.decide_by),
        "reminders": asked.reminders,
    }


POST = Decider[Post, CreatePost | Command, Event](
    name="post",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("post", Event),
    state=Post,
    listed=_listed,
    deleted_at=lambda state: state.deleted.at if state.deleted else None,
    subjects=lambda state, _id: {"author": f"user:{state.author.id}"},
    erased=_erased,
    erases={"author": ("post",)},
)
