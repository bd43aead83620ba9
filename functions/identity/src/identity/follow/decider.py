"""One person follows another: a stream for each pair, apart from both profiles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person as lists show them: the name and picture of the day on which the following began."""

    id: str
    display_name: str
    avatar_url: str | None = None


def pair(follower_id: str, followee_id: str) -> str:
    """The stream's id."""
    return f"{follower_id}:{followee_id}"


# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFollowed:
    follower: Party
    followee: Party
    followed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUnfollowed:
    follower_id: str
    followee_id: str
    unfollowed_at: datetime


type Event = UserFollowed | UserUnfollowed

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """They followed once."""

    state: Literal["apart"] = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    follower: Party
    followee: Party
    followed_at: datetime
    state: Literal["following"] = "following"


type State = Apart | Following


def begin(event: UserFollowed) -> State:
    return Following(follower=event.follower, followee=event.followee, followed_at=event.followed_at)


def evolve(_state: State, event: UserUnfollowed) -> State:  # noqa: ARG001 -- the event says all
    return Apart()


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUser:
    follower: Party
    followee: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfollowUser:
    pass


type Command = FollowUser | UnfollowUser


def create(command: Command, context: Context) -> tuple[Event, ...]:
    if isinstance(command, UnfollowUser):
        return ()
    if command.follower.id == command.followee.id:
        raise Rejected("follows_oneself", "Nobody follows themselves.")
    followed = UserFollowed(follower=command.follower, followee=command.followee, followed_at=context.now)
    return (followed,)


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match state:
        case Apart():
            return create(command, context)
        case Following() if isinstance(command, FollowUser):
            return ()
        case Following(follower=follower, followee=followee):
            at = context.now
            return (UserUnfollowed(follower_id=follower.id, followee_id=followee.id, unfollowed_at=at),)
        case _:
            assert_never(state)


def _listed(state: State, _pair: str) -> Listing:
    if isinstance(state, Apart):
        return Listing()
    at = rfc3339(state.followed_at)
    return Listing(
        collection=(f"FOLLOWERS#{state.followee.id}", f"{at}#{state.follower.id}"),
        queue=(f"FOLLOWING#{state.follower.id}", f"{at}#{state.followee.id}"),
        summary={"follower": _shown(state.follower), "followee": _shown(state.followee), "since": at},
    )


def _shown(party: Party) -> dict[str, str | None]:
    return {"id": party.id, "display_name": party.display_name, "avatar_url": party.avatar_url}


FOLLOW = Decider[State, Command, Event](
    name="follow",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("user", Event),
    state=State,
    listed=_listed,
)
