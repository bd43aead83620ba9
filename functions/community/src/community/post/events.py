"""What happens to a post, as events, which are stored for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from community.person.values import PersonSnapshot
from community.post.content_rules import Content, Kind, Link, Media, Poll

type Status = Literal["pending", "published", "hidden", "deleted"]

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCreated:
    """`pending` where the community has posts looked at first; else `post.published` comes with it."""

    community_id: str
    author_id: str
    author: PersonSnapshot
    kind: Kind
    title: str | None
    text: str
    media: tuple[Media, ...]
    link: Link | None
    poll: Poll | None
    status: Literal["pending", "published"]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEdited:
    """All that an edit can change, as it is now. One that must be looked at again makes the post pending."""

    community_id: str
    author_id: str
    title: str | None
    text: str
    media: tuple[Media, ...]
    link: Link | None
    status: Status
    edited_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPublished:
    """`published_at` is when it was published first, also where it had to be looked at again since."""

    community_id: str
    author_id: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHidden:
    community_id: str
    author_id: str
    reason: str
    hidden_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDeleted:
    """`by_author`: deleted by its author, and not by a moderator."""

    community_id: str
    author_id: str
    by_author: bool
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRestored:
    """`status`: what it is again. A post that was hidden and then deleted is hidden again."""

    community_id: str
    author_id: str
    status: Status
    restored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGlobalRequested:
    """`decide_by`: when it is rejected without a decision."""

    community_id: str
    author_id: str
    requested_at: datetime
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGlobalReminded:
    """A day has passed, and the administrators have not decided; `number` counts from the request on."""

    community_id: str
    author_id: str
    number: int
    decide_by: datetime
    reminded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGlobalApproved:
    community_id: str
    author_id: str
    approved_by: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGlobalRejected:
    community_id: str
    author_id: str
    rejected_by: str
    reason: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGlobalWithdrawn:
    """The post was edited: what was asked, granted or refused was about other words."""

    community_id: str
    author_id: str


type Later = (  # all that can happen to a post that is there
    PostEdited
    | PostPublished
    | PostHidden
    | PostDeleted
    | PostRestored
    | PostGlobalRequested
    | PostGlobalReminded
    | PostGlobalApproved
    | PostGlobalRejected
    | PostGlobalWithdrawn
)
type Event = PostCreated | Later


def content_of(event: PostCreated) -> Content:
    return Content(
        kind=event.kind,
        title=event.title,
        text=event.text,
        media=event.media,
        link=event.link,
        poll=event.poll,
    )
