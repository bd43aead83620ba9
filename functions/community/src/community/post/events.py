"""What happens to a post, as events, which are stored for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from community.person.values import PersonSnapshot, unnamed
from community.post.content_rules import Content, Kind, Link, Media, Poll, unworded
from troupe.domain.personal import Personal

type Status = Literal["pending", "published", "hidden", "deleted"]

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCreated:
    """`pending` where the community has posts looked at first; else `post.published` comes with it."""

    community_id: str
    author_id: str
    author: Annotated[PersonSnapshot, Personal("author", unnamed)]
    kind: Kind
    title: Annotated[str | None, Personal("author", None)]
    text: Annotated[str, Personal("author")]
    media: Annotated[tuple[Media, ...], Personal("author", ())]
    link: Annotated[Link | None, Personal("author", None)]
    poll: Annotated[Poll | None, Personal("author", unworded)]
    status: Literal["pending", "published"]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEdited:
    """All that an edit can change, as it is now. One that must be looked at again makes the post pending."""

    community_id: str
    author_id: str
    title: Annotated[str | None, Personal("author", None)]
    text: Annotated[str, Personal("author")]
    media: Annotated[tuple[Media, ...], Personal("author", ())]
    link: Annotated[Link | None, Personal("author", None)]
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
    reason: Annotated[str, Personal("post")]
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
    reason: Annotated[str, Personal("post")]
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostGlobalWithdrawn:
    """The post was edited: what was asked, granted or refused was about other words."""

    community_id: str
    author_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPersonalDataErased:
    """The author's data was erased: the post stands without its words. `of`: as the fields name them."""

    community_id: str
    author_id: str
    of: tuple[str, ...]
    erased_at: datetime


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
    | PostPersonalDataErased
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
