"""A small aggregate for the kernel's tests: a box that is made, filled, sealed, thrown away and taken back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from troupe.decider import Decider, Listing, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    with_what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrownAway:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    pass


type Event = Made | Filled | ThrownAway | TakenBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    name: str = ""
    contents: tuple[str, ...] = ()
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    verb: Literal["make", "fill", "throw", "take_back", "nothing"]
    word: str = ""


def evolve(state: Box, event: Event) -> Box:
    match event:
        case Made():
            return Box(name=event.name)
        case Filled():
            return replace(state, contents=(*state.contents, event.with_what))
        case ThrownAway():
            return replace(state, deleted_at=event.at)
        case TakenBack():
            return replace(state, deleted_at=None)


def decide(command: Command, state: Box, context) -> tuple[Event, ...]:
    match command.verb:
        case "make":
            return (Made(name=command.word),)
        case "fill" if command.word in state.contents:
            return ()
        case "fill" if len(state.contents) == 3:
            raise Rejected("box_full", "Three things fit.")
        case "fill":
            return (Filled(with_what=command.word),)
        case "throw":
            return (ThrownAway(at=context.now),)
        case "take_back":
            return (TakenBack(),)
        case "nothing":
            return ()


def listed(state: Box, box_id: str) -> Listing:
    return Listing(collection=("BOXES", box_id), summary={"name": state.name, "things": len(state.contents)})


BOX = Decider[Box, Command, Event](
    name="box",
    initial=Box(),
    decide=decide,
    evolve=evolve,
    events={
        "box.made": Made,
        "box.filled": Filled,
        "box.thrown_away": ThrownAway,
        "box.taken_back": TakenBack,
    },
    state=Box,
    listed=listed,
    deleted_at=lambda state: state.deleted_at,
)
MAKE = Command(verb="make", word="blue")
THROW = Command(verb="throw")


def fill(word: str) -> Command:
    return Command(verb="fill", word=word)
