"""An organization: a part of a tenant that its people belong to, such as a brand, an office or a show."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from troupe.domain.decider import COPIES, Context, Decider, Listing, events_of

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
class Organization:
    name: str
    created_at: datetime
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: Literal["organization"] = "organization"


def begin(event: TenantOrgCreated) -> Organization:
    return Organization(name=event.name, settings=event.settings, created_at=event.created_at)


def evolve(state: Organization, event: TenantOrgUpdated) -> Organization:
    return replace(state, name=event.name, settings=event.settings)


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


def create(command: CreateOrganization, context: Context) -> tuple[Event, ...]:
    return (TenantOrgCreated(name=command.name, settings=command.settings, created_at=context.now),)


def decide(command: UpdateOrganization, state: Organization, _context: Context) -> tuple[Event, ...]:
    name = state.name if command.name is None else command.name
    settings = state.settings if command.settings is None else command.settings
    same = (name, settings) == (state.name, state.settings)
    return () if same else (TenantOrgUpdated(name=name, settings=settings),)


def _listed(state: Organization, organization_id: str) -> Listing:
    return Listing(collection=("ORGANIZATIONS", organization_id), summary={"name": state.name})


ORGANIZATION = Decider[Organization, CreateOrganization | UpdateOrganization, Event](
    name="organization",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("tenant", Event),
    state=Organization,
    listed=_listed,
    copies=COPIES,
)
