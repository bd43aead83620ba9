"""What is answered about posts, and about what is said to them."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

from community.communities import access_rules
from community.person.author import AuthorView
from community.post import access_rules as post_access_rules
from community.post import engagement, media
from community.post.content_rules import Content, Kind, Link, Poll
from community.post.engagement import Reaction
from community.post.events import Status
from community.post.state import Distribution
from community.post.transactions import PostInContext


class MediaView(BaseModel, frozen=True):
    """`url` is good for an hour."""

    id: str
    content_type: str
    size_bytes: int
    url: str


class OptionView(BaseModel, frozen=True):
    id: str
    text: str
    votes: int


class PollView(BaseModel, frozen=True):
    """`own`: what the one who asks has voted for."""

    options: tuple[OptionView, ...]
    closes_at: datetime | None
    closed: bool
    own: str | None


class PostView(BaseModel, frozen=True):
    """`distribution` and `hidden_reason` are for the author and the moderators."""

    id: str
    community_id: str
    author: AuthorView
    kind: Kind
    title: str | None
    text: str
    media: tuple[MediaView, ...]
    link: Link | None
    poll: PollView | None
    status: Status
    everywhere: bool
    distribution: Distribution | None
    hidden_reason: str | None
    created_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    comments: int
    reactions: Mapping[Reaction, int]
    own_reaction: Reaction | None


class CommentView(BaseModel, frozen=True):
    id: str
    author: AuthorView
    text: str
    created_at: datetime


class ReactionView(BaseModel, frozen=True):
    author: AuthorView
    reaction: Reaction
    reacted_at: datetime


def post_view(
    place: PostInContext,
    author: AuthorView,
    counts: Mapping[str, int],
    own: Mapping[str, str | None],
    now: datetime,
) -> PostView:
    """`own`: what the one who asks has chosen, by VOTE and REACTION."""
    post, who = place.post, place.caller.viewer
    content, inside = post.content, post_access_rules.owns(who, post) or access_rules.may_moderate(who)
    folder = media.folder(place.caller.tenant_id, post.community_id, post.author.id)
    shown = {
        "poll": content.poll and _poll(content.poll, counts, own["VOTE"], now),
        "distribution": post.distribution if inside else None,
        "hidden_reason": post.hidden.reason if post.hidden else None,
        "reactions": engagement.of(counts, "REACTION"),
        "own_reaction": own["REACTION"],
    }
    return PostView.model_validate(
        {
            **shown,
            "id": place.id,
            "community_id": post.community_id,
            "author": author,
            "kind": content.kind,
            "title": content.title,
            "text": content.text,
            "media": _media(content, folder),
            "link": content.link,
            "status": post.status,
            "everywhere": post.everywhere,
            "created_at": post.created_at,
            "published_at": post.published_at,
            "edited_at": post.edited_at,
            "comments": counts.get(engagement.COMMENTS, 0),
        }
    )


def _media(content: Content, folder: str) -> tuple[MediaView, ...]:
    return tuple(
        MediaView(
            id=each.id,
            content_type=each.content_type,
            size_bytes=each.size_bytes,
            url=media.shown(folder, each.id, each.version),
        )
        for each in content.media
    )


def _poll(poll: Poll, counts: Mapping[str, int], own: str | None, now: datetime) -> PollView:
    votes = engagement.of(counts, "VOTE")
    options = tuple(
        OptionView(id=each.id, text=each.text, votes=votes.get(each.id, 0)) for each in poll.options
    )
    closed = poll.closes_at is not None and poll.closes_at <= now
    return PollView(options=options, closes_at=poll.closes_at, closed=closed, own=own)
