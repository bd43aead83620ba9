"""A post as it stands, and how it came to: hiding and deleting lie above the rest, and are lifted."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

from community.person.values import PersonSnapshot, unnamed
from community.post.content_rules import Content, wordless
from community.post.events import (
    Later,
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
    Status,
    content_of,
)
from troupe.domain.personal import Personal, blanked

type Reach = Literal["none", "requested", "approved", "rejected"]

REMIND_AFTER = timedelta(hours=24)  # and every day again, as long as there is time to decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The global distribution of a post: the request, and the decision."""

    status: Reach = "none"
    requested_at: datetime | None = None
    decide_by: datetime | None = None
    reminded_at: datetime | None = None
    reminders: int = 0
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    @property
    def remind_at(self) -> datetime | None:
        """When the administrators are reminded; never when there is no time left for it."""
        since = self.reminded_at or self.requested_at
        if self.status != "requested" or since is None or self.decide_by is None:
            return None
        again = since + REMIND_AFTER
        return again if again < self.decide_by else None

    @property
    def due_at(self) -> datetime | None:
        """When the request is rejected by schedule, or a reminder is sent."""
        return (self.remind_at or self.decide_by) if self.status == "requested" else None


def _no_grounds(distribution: Distribution) -> Distribution:
    return replace(distribution, reason=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    reason: str
    at: datetime


def _unexplained(hidden: Hidden | None) -> Hidden | None:
    return hidden and replace(hidden, reason="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    by_author: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """`cleared`: it has been looked at, or need not be. `published_at` is of the first time, and stays."""

    community_id: str
    author: Annotated[PersonSnapshot, Personal("author", unnamed)]
    content: Annotated[Content, Personal("author", wordless)]
    created_at: datetime
    cleared: bool
    published_at: datetime | None = None
    edited_at: datetime | None = None
    hidden: Annotated[Hidden | None, Personal("post", _unexplained)] = None
    deleted: Deleted | None = None
    distribution: Annotated[Distribution, Personal("post", _no_grounds)] = field(default_factory=Distribution)
    state: Literal["post"] = "post"

    @property
    def status(self) -> Status:
        if self.deleted:
            return "deleted"
        if self.hidden:
            return "hidden"
        return "published" if self.cleared else "pending"

    @property
    def everywhere(self) -> bool:
        """Whether the post allows that the whole tenant sees it."""
        return self.status == "published" and self.distribution.status == "approved"


def begin(event: PostCreated) -> Post:
    return Post(
        community_id=event.community_id,
        author=event.author,
        content=content_of(event),
        created_at=event.created_at,
        cleared=event.status == "published",
    )


def evolve(state: Post, event: Later) -> Post:  # noqa: PLR0911 -- one line for each kind of event
    match event:
        case PostEdited():
            return _edited(state, event)
        case PostPublished():
            return replace(state, cleared=True, published_at=event.published_at)
        case PostHidden():
            return replace(state, hidden=Hidden(reason=event.reason, at=event.hidden_at))
        case PostDeleted():
            return replace(state, deleted=Deleted(by_author=event.by_author, at=event.deleted_at))
        case PostRestored():
            return replace(state, deleted=None, hidden=state.hidden if event.status == "hidden" else None)
        case PostPersonalDataErased():
            return blanked(state, *event.of)
        case _:
            return replace(state, distribution=_distributed(state.distribution, event))


def _edited(state: Post, event: PostEdited) -> Post:
    content = replace(state.content, title=event.title, text=event.text, media=event.media, link=event.link)
    cleared = state.cleared and event.status != "pending"
    return replace(state, content=content, cleared=cleared, edited_at=event.edited_at)


type Decided = PostGlobalApproved | PostGlobalRejected
type Distributed = PostGlobalRequested | PostGlobalReminded | Decided | PostGlobalWithdrawn


def _distributed(was: Distribution, event: Distributed) -> Distribution:
    match event:
        case PostGlobalRequested():
            return Distribution(
                status="requested", requested_at=event.requested_at, decide_by=event.decide_by
            )
        case PostGlobalReminded():
            return replace(was, reminded_at=event.reminded_at, reminders=event.number)
        case PostGlobalApproved():
            return replace(was, status="approved", decided_at=event.approved_at, decided_by=event.approved_by)
        case PostGlobalRejected():
            return replace(
                was,
                status="rejected",
                decided_at=event.rejected_at,
                decided_by=event.rejected_by,
                reason=event.reason,
            )
        case PostGlobalWithdrawn():
            return Distribution()
        case _:
            assert_never(event)
