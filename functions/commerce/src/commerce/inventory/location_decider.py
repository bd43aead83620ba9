"""A location: a place of a supplier's where stock lies and parcels leave from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from troupe.domain.decider import Context, Decider, Listing, events_of

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationAdded:
    supplier_id: str
    name: str
    country: str  # ISO 3166-1 alpha-2
    city: str | None
    added_at: datetime


type Event = LocationAdded

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    supplier_id: str
    name: str
    country: str
    city: str | None
    added_at: datetime
    state: Literal["location"] = "location"


def begin(event: Event) -> Location:
    return Location(
        supplier_id=event.supplier_id,
        name=event.name,
        country=event.country,
        city=event.city,
        added_at=event.added_at,
    )


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLocation:
    supplier_id: str
    name: str
    country: str
    city: str | None = None


def create(command: AddLocation, context: Context) -> tuple[Event, ...]:
    added = LocationAdded(
        supplier_id=command.supplier_id,
        name=command.name,
        country=command.country,
        city=command.city,
        added_at=context.now,
    )
    return (added,)


def collection(supplier_id: str) -> str:
    return f"LOCATIONS#{supplier_id}"


def _listed(state: Location, location_id: str) -> Listing:
    return Listing(
        collection=(collection(state.supplier_id), location_id),
        summary={
            "supplier_id": state.supplier_id,
            "name": state.name,
            "country": state.country,
            "city": state.city,
        },
    )


LOCATION = Decider[Location, AddLocation, Event](
    name="location",
    create=create,
    begin=begin,
    events=events_of("location", Event),
    state=Location,
    listed=_listed,
)
