"""A read model as data: which streams feed which rows, and what is counted. All of it pure, but for `then`.

A row may be fed by several streams. Each source owns its part of the row and stands at a version of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from troupe.domain.decider import Listing
from troupe.domain.upcasting import EventUpcasters
from troupe.store.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in its view: the partition's parts after the view's name, and the sort key."""

    parts: tuple[str, ...]
    sort: str = "ROW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone[R]:
    """There is no row any more. Its version stays, so that no older event brings it back.

    `kept` is what a restore starts from, where what was deleted can be restored.
    """

    kept: R | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """By what a row is found, as `words_of` gives it, and what the list of the found shows of it."""

    words: tuple[str, ...]
    summary: Mapping[str, Any]


type Part[R] = R | Tombstone[R] | None  # None: nothing yet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source[R]:
    """The streams of one kind, and their part of a row, which is a dataclass.

    `place` gives the same for every event of a stream, and for no other stream. `project` takes every event
    of the stream in order, and for a type that it does not know gives back what it got. Where `listed` is
    given, it says where the row stands in lists; one source of a view may do so. `then` is done when the row
    stands where an event brought it, or further, and again whenever that event comes again; it is given the
    generation, the event and the row. `words` says by which words the row is found; one source of a view may.
    """

    kind: str  # of the streams
    shape: Any  # the type of its part, for the codec
    place: Callable[[Envelope], Place]
    project: Callable[[Part[R], Envelope], Part[R]]
    listed: Callable[[R], Listing] | None = None
    words: Callable[[R], Words] | None = None
    named: str = ""  # its part; the kind, if two sources of a view do not share it
    then: Callable[[int, Envelope, Mapping[str, Any]], object] | None = None

    @property
    def name(self) -> str:
        return self.named or self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Increment:
    """Add to one number of an item: a day's metric, or a count on a row."""

    place: Place
    field: str
    by: int = 1


def daily(day: date, field: str, by: int = 1) -> Increment:
    """A metric of a day: one partition for each month, one item for each day."""
    text = day.isoformat()
    return Increment(place=Place(parts=(text[:7],), sort=text), field=field, by=by)


type Count = Callable[[Envelope, datetime], Iterable[Increment]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """A read model. `count` says what an event adds, given when it happened by the clocks of the tenant.

    Whether it adds anything does not depend on those clocks: they are read only for what adds something.
    Sources and `count` see events after `upcasters`. `shape` is the number of what the rows hold: it rises
    when they are to be filled anew from the events.
    """

    name: str
    sources: tuple[Source[Any], ...] = ()
    count: Count | None = None
    shape: int = 1
    upcasters: EventUpcasters = field(default_factory=dict[tuple[str, int], Any])

    def fed_by(self, kind: str) -> tuple[Source[Any], ...]:
        return tuple(source for source in self.sources if source.kind == kind)
