"""The box as the next release has it: a name is called a title, a box has a colour, and can be painted.

The name is still written, since the release before reads it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from support.kernel import box
from support.kernel.box import BOX, Command, Filled, Make, TakenBack, ThrownAway
from troupe.domain.decider import events_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    SCHEMA_VERSION: ClassVar = 2

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    colour: str


type Event = Made | Filled | Painted | ThrownAway | TakenBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    name: str = ""
    title: str
    colour: str = "plain"
    contents: tuple[str, ...] = ()
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    colour: str


def create(command: Make, context) -> tuple[Event, ...]:
    return (Made(name=command.word, title=command.word),)


def begin(event: Made) -> Box:
    return Box(name=event.name, title=event.title)


def decide(command: Command | Paint, state: Box, context) -> tuple[Event, ...]:
    return (
        (Painted(colour=command.colour),)
        if isinstance(command, Paint)
        else box.decide(command, state, context)
    )


def evolve(state: Box, event: Filled | Painted | ThrownAway | TakenBack) -> Box:
    return replace(state, colour=event.colour) if isinstance(event, Painted) else box.evolve(state, event)


NEWER_BOX = replace(
    BOX,
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("box", Event),
    state=Box,
    shape=2,
    upcasters={1: lambda old: {**old, "title": old["name"]}},
    event_upcasters={("box.made", 1): lambda old: {**old, "title": old["name"]}},
)
