"""One person follows another: a stream for each pair, apart from both profiles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from troupe.clock import rfc3339
from troupe.decider import Context, Decider, Listing, Rejected


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
    state: Literal["apart"] = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    follower: Party
    followee: Party
    followed_at: datetime
    state: Literal["following"] = "following"


type State = Apart | Following


def evolve(_state: State, event: Event) -> State:
    match event:
        case UserFollowed():
            return Following(follower=event.follower, followee=event.followee, followed_at=event.followed_at)
        case UserUnfollowed():
            return Apart()
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUser:
    follower: Party
    followee: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfollowUser:
    pass


type Command = FollowUser | UnfollowUser


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match command:
        case FollowUser():
            return _follow(command, state, context)
        case UnfollowUser():
            return _unfollow(state, context)
        case _:
            assert_never(command)


def _follow(command: FollowUser, state: State, context: Context) -> tuple[Event, ...]:
    if command.follower.id == command.followee.id:
        raise Rejected("follows_oneself", "Nobody follows themselves.")
    if isinstance(state, Following):
        return ()
    followed = UserFollowed(follower=command.follower, followee=command.followee, followed_at=context.now)
    return (followed,)


def _unfollow(state: State, context: Context) -> tuple[Event, ...]:
    if isinstance(state, Apart):
        return ()
    unfollowed = UserUnfollowed(
        follower_id=state.follower.id, followee_id=state.followee.id, unfollowed_at=context.now
    )
    return (unfollowed,)


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
    initial=Apart(),
    decide=decide,
    evolve=evolve,
    events={"user.followed": UserFollowed, "user.unfollowed": UserUnfollowed},
    state=State,
    listed=_listed,
)
