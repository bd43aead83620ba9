"""A sum that many transactions count at the same moment, as several buckets.

Each bucket holds what was `used` of it and what is `available`; over all of them that is the limit. One is
taken from by a conditional ADD, so that no more is ever taken than there is. Only where it has too little,
all are read, in one round trip more, and the amount comes from those that have it: the last one can be taken.

A limit below what is used is a debt. It stands in the first bucket, the others are empty, and each is marked
`over`: what is given back pays the debt first.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, override

from troupe.domain.buckets import spread, taken
from troupe.domain.decider import Rejected
from troupe.domain.money import split
from troupe.store import reads, writes
from troupe.store.keys import Key
from troupe.store.writes import Action, Alternative

BUCKETS = 8
_OVER = {"#over": "over"}
_SOUND = "attribute_exists(PK) AND attribute_not_exists(#over)"  # there is no debt


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A condition on each bucket that goes with what is taken from it."""

    condition: str
    values: Mapping[str, Any]
    names: Mapping[str, str]
    holds: Callable[[Mapping[str, Any]], bool]  # the same of a bucket that was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What all buckets of a sum hold together. `available` is negative where the limit was lowered."""

    used: int = 0
    available: int = 0

    @property
    def limit(self) -> int:
        return self.used + self.available


def level(items: Iterable[Mapping[str, Any] | None]) -> Level:
    """Of the buckets as they were read; one that is not there holds nothing."""
    there = [item for item in items if item]
    return Level(
        used=sum(item.get("used", 0) for item in there),
        available=sum(_available(there)),
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum by the item that its buckets stand for."""

    of: Key
    count: int = BUCKETS

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(self.key(bucket) for bucket in range(self.count))

    def key(self, bucket: int) -> Key:
        return Key(self.of.pk, f"{self.of.sk}#{bucket:02}")

    def opened(
        self, limit: int, used: int = 0, *, absent: bool = True, additional: Mapping[str, Any] | None = None
    ) -> tuple[Action, ...]:
        """The buckets of a new sum, each with what stands `additional`. `absent`: there is none yet."""
        return tuple(
            writes.put(
                self.key(bucket),
                {"used": 0 if bucket else used, "available": available, **(additional or {})},
                absent=absent,
            )
            for bucket, available in enumerate(spread(limit - used, self.count))
        )

    def take(self, amount: int, refused: Rejected, held: Held | None = None) -> Action:
        """Take an amount, or be refused."""
        return _Taking(self, amount, refused, held).action()

    def room(self, amount: int, refused: Rejected) -> Action:
        """Refuse what could not be taken now; nothing is taken."""
        return _Room(self, amount, refused).action()

    def give_back(self, amount: int, refused: Rejected | None = None) -> Action:
        """Give an amount back; `refused` where less is used than that, which else is not looked at."""
        return _Giving(self, amount, refused).action()

    def relimit(self, was: int, limit: int) -> tuple[Action, ...]:
        """Another limit; one lower than what is used is accepted, and stops what is taken."""
        return _Limiting(self, limit - was).actions()

    def draw(self) -> int:
        return random.randrange(self.count)  # noqa: S311 -- no secret

    def read(self) -> list[Mapping[str, Any]]:
        found = reads.batch(self.keys)
        return [found.get(key, {}) for key in self.keys]


def _available(items: Iterable[Mapping[str, Any]]) -> list[int]:
    return [item.get("available", 0) for item in items]


@dataclass(frozen=True, slots=True)
class _Taking(Alternative):
    total: Sum
    amount: int
    refused: Rejected
    held: Held | None

    def action(self) -> Action:
        return self._take(self.total.draw(), self.amount)

    @override
    def busy(self) -> tuple[Action, ...]:
        return (self.action(),)

    @override
    def failed(self) -> tuple[Action, ...]:
        """From the buckets that have it; refused where all together have less."""
        holds = self.held.holds if self.held else bool
        there = [item.get("available", 0) if holds(item) else 0 for item in self.total.read()]
        parts = taken(there, self.amount, random.randrange)
        if not parts:
            raise self.refused
        return tuple(self._take(bucket, part) for bucket, part in parts)

    def _take(self, bucket: int, amount: int) -> Action:
        values: Mapping[str, Any] = self.held.values if self.held else {}
        also = self.held.condition if self.held else ""
        return writes.update(
            self.total.key(bucket),
            "ADD used :taken, available :left",
            {"taken": amount, "left": -amount, **values},
            condition=" AND ".join(filter(None, ("available >= :taken", also))),
            names=self.held.names if self.held else None,
            recourse=self,
        )


@dataclass(frozen=True, slots=True)
class _Room(Alternative):
    total: Sum
    amount: int
    refused: Rejected

    def action(self) -> Action:
        return self._check(self.total.draw(), self.amount)

    @override
    def busy(self) -> tuple[Action, ...]:
        return (self.action(),)

    @override
    def failed(self) -> tuple[Action, ...]:
        parts = taken(_available(self.total.read()), self.amount, random.randrange)
        if not parts:
            raise self.refused
        return tuple(self._check(bucket, part) for bucket, part in parts)

    def _check(self, bucket: int, amount: int) -> Action:
        check = writes.check(self.total.key(bucket), "available >= :wanted", {"wanted": amount})
        return replace(check, recourse=self)


@dataclass(frozen=True, slots=True)
class _Giving(Alternative):
    total: Sum
    amount: int
    refused: Rejected | None

    def action(self) -> Action:
        return self._give(self.total.draw(), self.amount)

    @override
    def busy(self) -> tuple[Action, ...]:
        return (self.action(),)

    @override
    def failed(self) -> tuple[Action, ...]:
        """If there is a debt, it is paid first; else the buckets that have as much used give it back."""
        items = self.total.read()
        used = [item.get("used", 0) for item in items]
        if self.refused and sum(used) < self.amount:
            raise self.refused
        if _indebted(items):
            return _settled(self, items, self.amount, (used.index(max(used)), -self.amount))
        parts = taken(used, self.amount, random.randrange) if self.refused else ()
        return tuple(self._give(*part) for part in parts) or (self.action(),)

    def _give(self, bucket: int, amount: int) -> Action:
        floor = " AND used >= :given" if self.refused else ""
        return writes.update(
            self.total.key(bucket),
            "ADD used :left, available :given",
            {"given": amount, "left": -amount},
            condition=f"attribute_not_exists(#over){floor}",
            names=_OVER,
            recourse=self,
        )


@dataclass(frozen=True, slots=True)
class _Limiting(Alternative):
    total: Sum
    by: int

    def actions(self) -> tuple[Action, ...]:
        """An equal part of the difference for each bucket, if no bucket becomes negative."""
        parts = enumerate(split(self.by, [1] * self.total.count))
        return tuple(_added(self, bucket, part) for bucket, part in parts if part)

    @override
    def busy(self) -> tuple[Action, ...]:
        return self.actions()

    @override
    def failed(self) -> tuple[Action, ...]:
        return _settled(self, self.total.read(), self.by)


def _indebted(items: Iterable[Mapping[str, Any]]) -> bool:
    return any("over" in item for item in items)


def _settled(
    cause: _Giving | _Limiting, items: Sequence[Mapping[str, Any]], by: int, used: tuple[int, int] = (0, 0)
) -> tuple[Action, ...]:
    """The buckets when so much more is available in all: even, or a debt. `used`: in which it changes."""
    seen = _available(items)
    now = spread(sum(seen) + by, len(seen))
    moves = enumerate(zip(seen, now, strict=True))
    if min(now) >= 0 and not _indebted(items):
        return tuple(
            _added(cause, bucket, after - before) for bucket, (before, after) in moves if after - before
        )
    return tuple(
        _set(
            cause,
            bucket,
            before,
            {"by": after - before, "used": used[1] if bucket == used[0] else 0},
            over=min(now) < 0,
        )
        for bucket, (before, after) in moves
    )


def _added(cause: _Giving | _Limiting, bucket: int, by: int) -> Action:
    return writes.update(
        cause.total.key(bucket),
        "ADD available :by",
        {"by": by} | ({"needed": -by} if by < 0 else {}),
        condition=f"{_SOUND} AND available >= :needed" if by < 0 else _SOUND,
        names=_OVER,
        recourse=cause,
    )


def _set(
    cause: _Giving | _Limiting, bucket: int, before: int, moved: Mapping[str, int], *, over: bool
) -> Action:
    """Exactly as it was read: while there is a debt, no bucket may come to have anything to give."""
    added = "ADD available :by, used :used"
    return writes.update(
        cause.total.key(bucket),
        f"SET #over = :over {added}" if over else f"REMOVE #over {added}",
        {**moved, "before": before} | ({"over": True} if over else {}),
        condition="available = :before",
        names=_OVER,
        recourse=cause,
    )
