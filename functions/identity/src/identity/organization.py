"""An organization: a part of a tenant that its people belong to, such as a brand, an office or a show."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, assert_never

from troupe.decider import Context, Decider, Listing, Rejected

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantOrgCreated:
    name: str
    settings: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantOrgUpdated:
    """The organization as it is now, so that a reader needs no former one."""

    name: str
    settings: Mapping[str, Any]


type Event = TenantOrgCreated | TenantOrgUpdated

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOrganization:
    state: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    name: str
    created_at: datetime
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: Literal["organization"] = "organization"


type State = NoOrganization | Organization


def evolve(state: State, event: Event) -> State:
    match event:
        case TenantOrgCreated():
            return Organization(name=event.name, settings=event.settings, created_at=event.created_at)
        case TenantOrgUpdated() if isinstance(state, Organization):
            return replace(state, name=event.name, settings=event.settings)
        case TenantOrgUpdated():
            return state
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrganization:
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOrganization:
    """Change the name or the settings; what is left out stays, and settings are replaced whole."""

    name: str | None = None
    settings: Mapping[str, Any] | None = None


type Command = CreateOrganization | UpdateOrganization


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match command:
        case CreateOrganization() if isinstance(state, NoOrganization):
            created = TenantOrgCreated(name=command.name, settings=command.settings, created_at=context.now)
            return (created,)
        case CreateOrganization():
            raise Rejected("organization_exists", "An organization is created once.")
        case UpdateOrganization() if isinstance(state, Organization):
            return _update(command, state)
        case UpdateOrganization():
            raise Rejected("no_organization", "There is no such organization.")
        case _:
            assert_never(command)


def _update(command: UpdateOrganization, state: Organization) -> tuple[Event, ...]:
    name = state.name if command.name is None else command.name
    settings = state.settings if command.settings is None else command.settings
    same = (name, settings) == (state.name, state.settings)
    return () if same else (TenantOrgUpdated(name=name, settings=settings),)


def _listed(state: State, organization_id: str) -> Listing:
    if isinstance(state, NoOrganization):
        return Listing()
    return Listing(collection=("ORGANIZATIONS", organization_id), summary={"name": state.name})


ORGANIZATION = Decider[State, Command, Event](
    name="organization",
    initial=NoOrganization(),
    decide=decide,
    evolve=evolve,
    events={"tenant.org_created": TenantOrgCreated, "tenant.org_updated": TenantOrgUpdated},
    state=State,
    listed=_listed,
)
