"""A comment: an answer to a post, until its author or a moderator deletes it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, assert_never

from community.person.values import PersonSnapshot, unnamed
from troupe.domain.decider import Context, Decider, Listing, events_of
from troupe.domain.instants import rfc3339
from troupe.domain.personal import Personal, blanked

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentCreated:
    community_id: str
    post_id: str
    author_id: str
    author: Annotated[PersonSnapshot, Personal("author", unnamed)]
    text: Annotated[str, Personal("author")]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDeleted:
    """`by_author`: deleted by its author, and not by a moderator."""

    community_id: str
    post_id: str
    author_id: str
    by_author: bool
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPersonalDataErased:
    """The author's data was erased: the comment stands without its words. `of`: as the fields name them."""

    community_id: str
    post_id: str
    author_id: str
    of: tuple[str, ...]
    erased_at: datetime


type Later = CommentDeleted | CommentPersonalDataErased
type Event = CommentCreated | Later

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    community_id: str
    post_id: str
    author: Annotated[PersonSnapshot, Personal("author", unnamed)]
    text: Annotated[str, Personal("author")]
    created_at: datetime
    deleted_at: datetime | None = None
    state: Literal["comment"] = "comment"


def begin(event: CommentCreated) -> Comment:
    return Comment(
        community_id=event.community_id,
        post_id=event.post_id,
        author=event.author,
        text=event.text,
        created_at=event.created_at,
    )


def evolve(state: Comment, event: Later) -> Comment:
    match event:
        case CommentDeleted():
            return replace(state, deleted_at=event.deleted_at)
        case CommentPersonalDataErased():
            return blanked(state, *event.of)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOnPost:
    community_id: str
    post_id: str
    author: PersonSnapshot
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteComment:
    by_author: bool


def create(command: CommentOnPost, context: Context) -> tuple[Event, ...]:
    created = CommentCreated(
        community_id=command.community_id,
        post_id=command.post_id,
        author_id=command.author.id,
        author=command.author,
        text=command.text,
        created_at=context.now,
    )
    return (created,)


def decide(command: DeleteComment, state: Comment, context: Context) -> tuple[Event, ...]:
    if state.deleted_at:
        return ()
    deleted = CommentDeleted(
        community_id=state.community_id,
        post_id=state.post_id,
        author_id=state.author.id,
        by_author=command.by_author,
        deleted_at=context.now,
    )
    return (deleted,)


def _erased(state: Comment, of: tuple[str, ...], context: Context) -> Event:
    return CommentPersonalDataErased(
        community_id=state.community_id,
        post_id=state.post_id,
        author_id=state.author.id,
        of=of,
        erased_at=context.now,
    )


def _listed(state: Comment, comment_id: str) -> Listing:
    if state.deleted_at:
        return Listing()
    at = rfc3339(state.created_at)
    summary = {"author_id": state.author.id, "text": state.text, "created_at": at}
    return Listing(collection=(f"COMMENTS#{state.post_id}", f"{at}#{comment_id}"), summary=summary)


COMMENT = Decider[Comment, CommentOnPost | DeleteComment, Event](
    name="comment",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("comment", Event),
    state=Comment,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
    subjects=lambda state, _id: {"author": f"user:{state.author.id}"},
    erased=_erased,
)
