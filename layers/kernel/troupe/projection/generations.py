"""The generations of a read model: the one that is read, and those that are written.

A rebuild fills a new generation while both are written, makes it the live one, stops writing the old one once
no query reads it, and removes it once no worker writes it. This leaves no gap: an event that a projection did
not write to the new generation was in the table before the scan was begun: the rebuild begins it when every
projection has heard of the new generation.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from troupe.projection.view import Place
from troupe.store import keys, reads, writes
from troupe.store.commit import Stale, commit
from troupe.store.keys import Key

HELD_SECONDS = 30  # that long a reader may go on reading the generation before
WRITTEN_HELD_SECONDS = 5  # that long a projection may go on writing the generations before

type Phase = Literal["settled", "awaiting", "filling", "swapped", "retiring"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Generations:
    """`segments` is how many parts the table is scanned in; `version` counts the changes of this record.

    `shape` and `other_shape` are the numbers of what the rows of the two generations hold.
    """

    phase: Phase = "settled"
    live: int = 1
    other: int = 0  # the one being filled, or the one that was live before
    latest: int = 1
    segments: int = 1
    since: int = 0  # when the phase began, in seconds since the epoch
    version: int = 0
    shape: int = 1
    other_shape: int = 1

    @property
    def written(self) -> tuple[int, ...]:
        return (self.live, self.other) if self.phase in {"filling", "swapped"} else (self.live,)


_held: dict[str, tuple[float, int]] = {}
_written: dict[str, tuple[float, tuple[int, ...]]] = {}


def of(view: str) -> Generations:
    """How it stands now, read consistently."""
    return _parsed(reads.one(keys.generation(view)))


def unread(views: Iterable[str]) -> tuple[dict[str, Key], float]:
    """The records that must be read again, by view, before a projection may write; and what time it is."""
    now = time.time()
    return {
        view: keys.generation(view) for view in views if not _recent(_written.get(view), WRITTEN_HELD_SECONDS)
    }, now


def note(records: Mapping[str, Key], found: Mapping[Key, Mapping[str, Any]], since: float) -> None:
    """Hold for some seconds what these records said; `since`: when they were asked for."""
    for view, key in records.items():
        _written[view] = since, _parsed(found.get(key)).written


def written(view: str) -> tuple[int, ...]:
    """The generations to be written, as the record said when it was last read; a guess before that."""
    return _written[view][1] if view in _written else Generations().written


def _recent(held: tuple[float, Any] | None, seconds: float) -> bool:
    # not monotonic: that stands still while the execution environment is frozen
    return held is not None and 0 <= time.time() - held[0] < seconds


def _parsed(item: Mapping[str, Any] | None) -> Generations:
    if item is None:
        return Generations()
    held: dict[str, Any] = {name: item[name] for name in Generations.__slots__ if name in item}
    return Generations(**held)


def change(view: str, was: Generations, **to: Any) -> Generations:
    """Take a step, unless another worker took one since `was` was read (`Stale`)."""
    changed: dict[str, Any] = {**asdict(was), **to, "version": was.version + 1}
    now = Generations(**changed)
    key = keys.generation(view)
    if was.version:
        names = {f"#{name}": name for name in Generations.__slots__}
        values = {**asdict(now), "was": was.version}
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in Generations.__slots__)
        step = writes.update(key, expression, values, names=names, condition="#version = :was")
    else:
        step = writes.put(key, asdict(now), absent=True)
    try:
        commit([step])
    except Stale:
        if of(view) != now:
            raise
    return now


def physical(view: str, generation: int) -> str:
    """The name that a generation's keys carry; the first is called like the view itself."""
    return view if generation == 1 else f"{view}~{generation}"


def key(view: str, generation: int, tenant_id: str, place: Place) -> Key:
    return Key(keys.view(tenant_id, physical(view, generation), *place.parts), place.sort)


def live(view: str) -> str:
    """The name of the generation to read, held for half a minute; in keys it stands after the tenant."""
    held = _held.get(view)
    if held is None or not _recent(held, HELD_SECONDS):
        held = _held[view] = time.time(), of(view).live
    return physical(view, held[1])


def partition(tenant_id: str, view: str, *parts: str) -> str:
    """A partition of the live generation, of the table or of an index, for a query."""
    return keys.view(tenant_id, live(view), *parts)


def forget() -> None:
    """Drop what is held; for tests."""
    _held.clear()
    _written.clear()
