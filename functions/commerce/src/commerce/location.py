"""A location: a place of a supplier's where stock lies and parcels leave from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

from troupe.decider import Context, Decider, Listing, Rejected

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
class NoLocation:
    state: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    supplier_id: str
    name: str
    country: str
    city: str | None
    added_at: datetime
    state: Literal["location"] = "location"


type State = NoLocation | Location


def evolve(_state: State, event: Event) -> State:
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


type Command = AddLocation


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match state:
        case NoLocation():
            added = LocationAdded(
                supplier_id=command.supplier_id,
                name=command.name,
                country=command.country,
                city=command.city,
                added_at=context.now,
            )
            return (added,)
        case Location():
            raise Rejected("location_exists", "A location is added once.")
        case _:
            assert_never(state)


def collection(supplier_id: str) -> str:
    return f"LOCATIONS#{supplier_id}"


def _listed(state: State, location_id: str) -> Listing:
    if isinstance(state, NoLocation):
        return Listing()
    return Listing(
        collection=(collection(state.supplier_id), location_id),
        summary={
            "supplier_id": state.supplier_id,
            "name": state.name,
            "country": state.country,
            "city": state.city,
        },
    )


LOCATION = Decider[State, Command, Event](
    name="location",
    initial=NoLocation(),
    decide=decide,
    evolve=evolve,
    events={"location.added": LocationAdded},
    state=State,
    listed=_listed,
)
