"""The golden events: one file per stream, read as the lives of one aggregate.

events/<context>/<kind>.json holds a life as a list of `{"type", "data"}`, or several lives by name where one
cannot hold every event. `{"as": "delivered", "until": "order.reserved"}` at the beginning of a life takes
over the beginning of another one. The envelope of each event is filled in here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, cast

from documents.places import ROOT
from documents.samples.sample_ids import ADMIN, STREAMS, SYSTEM, SYSTEM_STREAMS, TENANT, sample_id
from troupe.store.envelope import Envelope

EVENTS = ROOT / "events"
BEGINNING = datetime(2026, 1, 31, 12, tzinfo=UTC)
CORRELATION = "8d1f3c9e-6a42-4b43-9f0c-6d6f1c0a9b7e"
ONLY = "life"  # the name of a life that is alone in its file

type Entry = Mapping[str, Any]


class IncompleteGolden(LookupError):  # noqa: N818 -- what is missing in the files
    """A golden file or an event in it is missing; the message is what to write."""


@cache
def streams() -> tuple[tuple[str, str], ...]:
    """Context and kind of every stream that has a file."""
    return tuple((path.parent.name, path.stem) for path in sorted(EVENTS.glob("*/*.json")))


@cache
def lives(context: str, kind: str) -> Mapping[str, tuple[Envelope, ...]]:
    """All lives of a stream by name; the first is the main one."""
    file = EVENTS / context / f"{kind}.json"
    if not file.exists():
        raise IncompleteGolden(f'write events/{context}/{kind}.json: [{{"type": ..., "data": ...}}, ...]')
    if kind not in STREAMS:
        raise IncompleteGolden(
            f'add the id of the sample: "{kind}" in documents/samples/sample_ids.py, STREAMS'
        )
    by_name = _by_name(json.loads(file.read_text(encoding="utf-8")))
    return {
        name: tuple(envelope(kind, version, entry) for version, entry in enumerate(_whole(by_name, name), 1))
        for name in by_name
    }


def life(
    context: str, kind: str, name: str | None = None, *, until: str | None = None
) -> tuple[Envelope, ...]:
    """One life of a stream, the main one without a name; `until`: up to the first event of that type."""
    known = lives(context, kind)
    events = known[name] if name else next(iter(known.values()))
    if until is None:
        return events
    return events[: [event.type for event in events].index(until) + 1]


def golden_events(context: str) -> tuple[Envelope, ...]:
    """One event of every type of a context: the first that stands in the files."""
    found: dict[str, Envelope] = {}
    for owner, kind in streams():
        if owner == context:
            for event in chain.from_iterable(lives(owner, kind).values()):
                found.setdefault(event.type, event)
    return tuple(found[name] for name in sorted(found))


def golden(context: str, name: str) -> Envelope:
    """The golden event of a type."""
    event = next((each for each in golden_events(context) if each.type == name), None)
    if event is None:
        raise IncompleteGolden(
            f'add {{"type": "{name}", "data": ...}} to a life of its stream in events/{context}/'
        )
    return event


def _whole(by_name: Mapping[str, Sequence[Entry]], name: str) -> Iterator[Entry]:
    """The entries of a life, those that it takes over included."""
    for entry in by_name[name]:
        if "as" in entry:
            yield from _until(_whole(by_name, entry["as"]), entry["until"])
        else:
            yield entry


def _until(entries: Iterator[Entry], name: str) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        if entry["type"] == name:
            return
    raise IncompleteGolden(f"no {name} in the life that is taken over")


def envelope(kind: str, version: int, entry: Entry) -> Envelope:
    """An event is a minute younger than the one before it."""
    happened = BEGINNING + timedelta(minutes=version - 1)
    return Envelope(
        id=sample_id(f"e{version:03}"),
        type=entry["type"],
        tenant_id=SYSTEM if kind in SYSTEM_STREAMS else TENANT,
        aggregate=kind,
        aggregate_id=STREAMS[kind],
        version=version,
        occurred_at=happened.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        actor=ADMIN,
        correlation_id=CORRELATION,
        schema_version=entry.get("schema_version", 1),
        data=entry["data"],
    )


def _by_name(written: Any) -> Mapping[str, Sequence[Entry]]:
    """The lives of a file: several by their names, or the only one as a list."""
    if isinstance(written, dict):
        return cast("Mapping[str, Sequence[Entry]]", written)
    return {ONLY: written}
