"""A community: a place that one leader owns, from its founding to its deletion, and back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from community.communities.settings import Changes, Settings
from troupe.domain.decider import COPIES, Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339

type Status = Literal["active", "deleted"]

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityCreated:
    owner_id: str
    settings: Settings
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityUpdated:
    """All settings as they are now, so that a reader needs no former ones."""

    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityTransferred:
    owner_id: str
    former_owner_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityDeleted:
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRestored:
    pass


type Later = CommunityUpdated | CommunityTransferred | CommunityDeleted | CommunityRestored
type Event = CommunityCreated | Later

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """`owner_id` is its leader, the only one."""

    owner_id: str
    settings: Settings
    created_at: datetime
    status: Status = "active"
    deleted_at: datetime | None = None
    state: Literal["community"] = "community"

    @property
    def private(self) -> bool:
        return self.settings.visibility == "private"


def begin(event: CommunityCreated) -> Community:
    return Community(owner_id=event.owner_id, settings=event.settings, created_at=event.created_at)


def evolve(state: Community, event: Later) -> Community:
    match event:
        case CommunityUpdated():
            return replace(state, settings=event.settings)
        case CommunityTransferred():
            return replace(state, owner_id=event.owner_id)
        case CommunityDeleted():
            return replace(state, status="deleted", deleted_at=event.deleted_at)
        case CommunityRestored():
            return replace(state, status="active", deleted_at=None)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCommunity:
    owner_id: str
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCommunity:
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCommunity:
    """`to_leader`: whether it goes to an active member who is a leader."""

    owner_id: str
    to_leader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCommunity:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreCommunity:
    pass


type Command = UpdateCommunity | TransferCommunity | DeleteCommunity | RestoreCommunity


def create(command: CreateCommunity, context: Context) -> tuple[Event, ...]:
    now = context.now
    return (CommunityCreated(owner_id=command.owner_id, settings=command.settings, created_at=now),)


def decide(command: Command, state: Community, context: Context) -> tuple[Event, ...]:
    match command:
        case DeleteCommunity():
            return () if state.status == "deleted" else (CommunityDeleted(deleted_at=context.now),)
        case RestoreCommunity():
            return () if state.status == "active" else (CommunityRestored(),)
        case _ if state.status == "deleted":
            raise Rejected("community_deleted", "A deleted community is restored before anything else.")
        case UpdateCommunity():
            settings = replace(state.settings, **command.changes)
            return () if settings == state.settings else (CommunityUpdated(settings=settings),)
        case TransferCommunity():
            return _transfer(command, state)
        case _:
            assert_never(command)


def _transfer(command: TransferCommunity, state: Community) -> tuple[Event, ...]:
    if command.owner_id == state.owner_id:
        return ()
    if not command.to_leader:
        raise Rejected("not_a_leading_member", "A community goes to an active member who is a leader.")
    return (CommunityTransferred(owner_id=command.owner_id, former_owner_id=state.owner_id),)


def _listed(state: Community, community_id: str) -> Listing:
    """A private community stands in no list but its leader's."""
    if state.status == "deleted":
        return Listing()
    settings, sort = state.settings, f"{rfc3339(state.created_at)}#{community_id}"
    return Listing(
        collection=None if state.private else ("COMMUNITIES", sort),
        queue=(f"OWN_COMMUNITIES#{state.owner_id}", sort),
        summary={
            "name": settings.name,
            "purpose": settings.purpose,
            "logo_url": settings.branding.logo_url,
            "visibility": settings.visibility,
            "owner_id": state.owner_id,
            "created_at": rfc3339(state.created_at),
        },
    )


COMMUNITY = Decider[Community, CreateCommunity | Command, Event](
    name="community",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("community", Event),
    state=Community,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
    copies=COPIES,
)
