"""A comment: what somebody says to a post, until they or a moderator take it away."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from community.membership_events import Party
from troupe.clock import rfc3339
from troupe.decider import Context, Decider, Listing, Rejected

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentCreated:
    community_id: str
    post_id: str
    author_id: str
    author: Party
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDeleted:
    """`by_author`: taken back by whoever wrote it, and not taken away by a moderator."""

    community_id: str
    post_id: str
    author_id: str
    by_author: bool
    deleted_at: datetime


type Event = CommentCreated | CommentDeleted

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaid:
    state: Literal["unsaid"] = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    community_id: str
    post_id: str
    author: Party
    text: str
    created_at: datetime
    deleted_at: datetime | None = None
    state: Literal["comment"] = "comment"


type State = Unsaid | Comment


def evolve(state: State, event: Event) -> State:
    match event:
        case CommentCreated():
            return Comment(
                community_id=event.community_id,
                post_id=event.post_id,
                author=event.author,
                text=event.text,
                created_at=event.created_at,
            )
        case CommentDeleted():
            return state if isinstance(state, Unsaid) else replace(state, deleted_at=event.deleted_at)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOnPost:
    community_id: str
    post_id: str
    author: Party
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteComment:
    by_author: bool


type Command = CommentOnPost | DeleteComment


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match command:
        case CommentOnPost():
            return _comment(command, state, context)
        case DeleteComment():
            return _delete(command, state, context)
        case _:
            assert_never(command)


def _comment(command: CommentOnPost, state: State, context: Context) -> tuple[Event, ...]:
    if isinstance(state, Comment):
        raise Rejected("comment_exists", "A comment is written once.")
    created = CommentCreated(
        community_id=command.community_id,
        post_id=command.post_id,
        author_id=command.author.id,
        author=command.author,
        text=command.text,
        created_at=context.now,
    )
    return (created,)


def _delete(command: DeleteComment, state: State, context: Context) -> tuple[Event, ...]:
    if isinstance(state, Unsaid):
        raise Rejected("no_comment", "There is no such comment.")
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


def _listed(state: State, comment_id: str) -> Listing:
    if isinstance(state, Unsaid) or state.deleted_at:
        return Listing()
    at = rfc3339(state.created_at)
    summary = {"author_id": state.author.id, "text": state.text, "created_at": at}
    return Listing(collection=(f"COMMENTS#{state.post_id}", f"{at}#{comment_id}"), summary=summary)


def _deleted_at(state: State) -> datetime | None:
    return None if isinstance(state, Unsaid) else state.deleted_at


COMMENT = Decider[State, Command, Event](
    name="comment",
    initial=Unsaid(),
    decide=decide,
    evolve=evolve,
    events={"comment.created": CommentCreated, "comment.deleted": CommentDeleted},
    state=State,
    listed=_listed,
    deleted_at=_deleted_at,
)
