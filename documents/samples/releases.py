"""What each release stores: the golden lives of its streams, and the states that they lead to.

The files of the release in the making are generated with the documents. Those of the releases before it are
never written again: the code of now must read them (`misread`).
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from documents.contexts import deciders
from documents.samples.golden import EVENTS, lives
from troupe.domain.decider import Decider
from troupe.domain.upcasting import Json, upcast_event, upcast_state
from troupe.store.aggregates import Unreadable, dump, event_in, parse
from troupe.store.envelope import Envelope

IN_THE_MAKING = "v1"  # when it is released: the next one

type AnyDecider = Decider[Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What a release stores of one kind of stream."""

    shape: int
    lives: Mapping[str, tuple[Json, ...]]  # by name; of each event type, schema_version and data
    states: tuple[Json, ...]  # one of each form

    @classmethod
    def read(cls, file: Path) -> "Released":
        return cls(**json.loads(file.read_text(encoding="utf-8")))

    def text(self) -> str:
        """One line for each event and each state."""
        told = ",\n".join(f"{json.dumps(name)}: {_lines(events)}" for name, events in self.lives.items())
        return f'{{"shape": {self.shape},\n"lives": {{{told}}},\n"states": {_lines(self.states)}}}\n'


def _lines(each: Sequence[Json]) -> str:
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in each) + "\n]"


def generated() -> Mapping[Path, str]:
    """The files of the release in the making."""
    folder = Path("releases", IN_THE_MAKING)
    return {
        EVENTS / each.context / folder / f"{each.name}.json": released(
            each, lives(each.context, each.name)
        ).text()
        for each in deciders()
    }


def left(wanted: Collection[Path]) -> set[Path]:
    """Files of the release in the making that no stream has any more."""
    return set(EVENTS.glob(f"*/releases/{IN_THE_MAKING}/*.json")) - set(wanted)


def files() -> Iterator[tuple[AnyDecider, Path]]:
    """The files of every release, each with the decider of now that must read it."""
    for decider in deciders():
        for file in sorted(EVENTS.glob(f"{decider.context}/releases/*/{decider.name}.json")):
            yield decider, file


def released(decider: AnyDecider, golden: Mapping[str, Sequence[Envelope]]) -> Released:
    """What the code of now stores of these lives."""
    told, forms = dict[str, tuple[Json, ...]](), dict[str, Json]()
    for name, life in golden.items():
        events = [event_in(decider, each) for each in life]
        told[name] = tuple(
            {
                "type": decider.type_of(event),
                "schema_version": getattr(event, "SCHEMA_VERSION", 1),
                "data": json.loads(dump(type(event), event)),
            }
            for event in events
        )
        for count in range(1, len(events) + 1):
            state = json.loads(dump(decider.state, decider.fold(events[:count])))
            forms.setdefault(json.dumps(_form(state)), state)
    return Released(shape=decider.shape, lives=told, states=tuple(forms.values()))


def misread(decider: AnyDecider, was: Released) -> list[str]:
    """What the code of now does not read as a release wrote it, or would write without."""
    wrong = [
        line
        for number, state in enumerate(was.states, 1)
        for line in _state(decider, was.shape, state, f"state {number}")
    ]
    for name, life in was.lives.items():
        found = [_event(decider, entry, f"{name}, event {number}") for number, entry in enumerate(life, 1)]
        lines = [line for each in found for line in each[1]]
        if not lines and decider.fold(event for event, _ in found) is None:
            lines = [f"{name} leads to no state"]
        wrong += lines
    return wrong


def _state(decider: AnyDecider, shape: int, written: Json, where: str) -> Iterator[str]:
    wanted = upcast_state(decider.upcasters, written, shape, decider.shape)
    try:
        again = json.loads(dump(decider.state, parse(decider.state, json.dumps(wanted))))
    except Unreadable as failed:
        yield f"{where}: {failed}"
        return
    yield from _lost(wanted, again, where)
    if shape == decider.shape:
        for added in _lost(again, wanted, where):
            yield f"{added} in shape {shape}: it is new, so raise the decider's shape"


def _event(decider: AnyDecider, entry: Json, where: str) -> tuple[Any, list[str]]:
    """The event, and what is wrong with it; a field that is new needs no new version."""
    name = entry["type"]
    if name not in decider.events:
        return None, [f"{where}: {name} is not known"]
    _, wanted = upcast_event(decider.event_upcasters, name, entry["schema_version"], entry["data"])
    try:
        event = parse(decider.events[name], json.dumps(wanted))
    except Unreadable as failed:
        return None, [f"{where}, {name}: {failed}"]
    return event, list(_lost(wanted, json.loads(dump(type(event), event)), f"{where}, {name}"))


def _lost(was: Any, now: Any, where: str) -> Iterator[str]:
    """The parts of the first that are missing or different in the second."""
    match was, now:
        case dict(), dict():
            for name, each in cast("Json", was).items():
                if name in now:
                    yield from _lost(each, now[name], f"{where}, {name}")
                else:
                    yield f"{where}, {name}: is not there"
        case list(), list() if len(cast("Sequence[Any]", was)) == len(cast("Sequence[Any]", now)):
            for one, other in zip(cast("Sequence[Any]", was), cast("Sequence[Any]", now), strict=True):
                yield from _lost(one, other, where)
        case _ if was != now:
            yield f"{where}: {was!r} becomes {now!r}"
        case _:
            return


def _form(value: Any) -> Any:
    """A value without what it holds: the fields, and of which type each is."""
    match value:
        case dict():
            return {name: _form(each) for name, each in cast("Json", value).items()}
        case list():
            return sorted({json.dumps(_form(each)) for each in cast("Sequence[Any]", value)})
        case _:
            return type(value).__name__
