"""A small aggregate for the kernel's tests: a box that is made, filled, sealed, thrown away and taken back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from troupe.domain.decider import Decider, Listing, Rejected, events_of


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
class Make:
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    verb: Literal["fill", "throw", "take_back", "nothing"]
    word: str = ""


def begin(event: Made) -> Box:
    return Box(name=event.name)


def evolve(state: Box, event: Filled | ThrownAway | TakenBack) -> Box:
    match event:
        case Filled():
            return replace(state, contents=(*state.contents, event.with_what))
        case ThrownAway():
            return replace(state, deleted_at=event.at)
        case TakenBack():
            return replace(state, deleted_at=None)


def create(command: Make, context) -> tuple[Event, ...]:
    return (Made(name=command.word),)


def decide(command: Command, state: Box, context) -> tuple[Event, ...]:
    match command.verb:
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


BOX = Decider[Box, Make | Command, Event](
    name="box",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("box", Event),
    state=Box,
    listed=listed,
    deleted_at=lambda state: state.deleted_at,
)
MAKE = Make(word="blue")
THROW = Command(verb="throw")


def fill(word: str) -> Command:
    return Command(verb="fill", word=word)
