"""One person follows another: a stream for each pair, apart from both profiles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, assert_never

from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339
from troupe.domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSnapshot:
    """A person as lists show them: the name and picture of the day on which the following began."""

    id: str
    display_name: str
    avatar_url: str | None = None


def nameless(person: PersonSnapshot) -> PersonSnapshot:
    """A person whose data was erased."""
    return PersonSnapshot(id=person.id, display_name="")


def pair(follower_id: str, followee_id: str) -> str:
    """The stream's id."""
    return f"{follower_id}:{followee_id}"


# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFollowed:
    follower: Annotated[PersonSnapshot, Personal("follower", nameless)]
    followee: Annotated[PersonSnapshot, Personal("followee", nameless)]
    followed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUnfollowed:
    follower_id: str
    followee_id: str
    unfollowed_at: datetime


type Event = UserFollowed | UserUnfollowed

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFollowing:
    """They followed once."""

    state: Literal["apart"] = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    follower: Annotated[PersonSnapshot, Personal("follower", nameless)]
    followee: Annotated[PersonSnapshot, Personal("followee", nameless)]
    followed_at: datetime
    state: Literal["following"] = "following"


type State = NotFollowing | Following


def begin(event: UserFollowed) -> State:
    return Following(follower=event.follower, followee=event.followee, followed_at=event.followed_at)


def evolve(_state: State, event: UserUnfollowed) -> State:  # noqa: ARG001 -- the event says all
    return NotFollowing()


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUser:
    follower: PersonSnapshot
    followee: PersonSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfollowUser:
    pass


type Command = FollowUser | UnfollowUser


def create(command: Command, context: Context) -> tuple[Event, ...]:
    if isinstance(command, UnfollowUser):
        return ()
    if command.follower.id == command.followee.id:
        raise Rejected("cannot_follow_self", "You cannot follow yourself.")
    followed = UserFollowed(follower=command.follower, followee=command.followee, followed_at=context.now)
    return (followed,)


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match state:
        case NotFollowing():
            return create(command, context)
        case Following() if isinstance(command, FollowUser):
            return ()
        case Following(follower=follower, followee=followee):
            at = context.now
            return (UserUnfollowed(follower_id=follower.id, followee_id=followee.id, unfollowed_at=at),)
        case _:
            assert_never(state)


def _listed(state: State, _pair: str) -> Listing:
    if isinstance(state, NotFollowing):
        return Listing()
    at = rfc3339(state.followed_at)
    return Listing(
        collection=(f"FOLLOWERS#{state.followee.id}", f"{at}#{state.follower.id}"),
        queue=(f"FOLLOWING#{state.follower.id}", f"{at}#{state.followee.id}"),
        summary={"follower": _summary(state.follower), "followee": _summary(state.followee), "since": at},
    )


def _summary(party: PersonSnapshot) -> dict[str, str | None]:
    return {"id": party.id, "display_name": party.display_name, "avatar_url": party.avatar_url}


def _subjects(_state: State, both: str) -> dict[str, str]:
    follower, _, followee = both.partition(":")
    return {"follower": f"user:{follower}", "followee": f"user:{followee}"}


FOLLOW = Decider[State, Command, Event](
    name="follow",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("user", Event),
    state=State,
    listed=_listed,
    subjects=_subjects,
)
