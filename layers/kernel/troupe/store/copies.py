"""An item that many transactions check at the same moment, as several equal copies.

Two transactions that name one item at the same moment conflict at DynamoDB, even where both only check it. So
the writer writes all copies, in one transaction, and a command checks any one of them.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, override

from troupe.domain.decider import COPIES, Rejected
from troupe.store import writes
from troupe.store.keys import Key
from troupe.store.writes import Action, Recourse

COPY = "COPY#"


def key(of: Key, number: int = 0) -> Key:
    """One copy of an item; what only reads it reads the first."""
    return Key(of.pk, f"{COPY}{of.sk}#{number}")


def keys(of: Key, count: int = COPIES) -> tuple[Key, ...]:
    return tuple(key(of, number) for number in range(count))


def written(of: Key, values: Mapping[str, Any], count: int = COPIES) -> tuple[Action, ...]:
    """The item as it is now, in all copies."""
    return tuple(writes.put(each, values) for each in keys(of, count))


@dataclass(frozen=True, slots=True)
class _Check(Recourse):
    """A check of any copy; where one is held by others, of another one."""

    of: Key
    count: int
    check: Action

    def action(self) -> Action:
        at = key(self.of, random.randrange(self.count))  # noqa: S311 -- no secret
        parameters = {**self.check.parameters, **writes.place(at)}
        return replace(self.check, parameters=parameters, recourse=self)

    @override
    def busy(self) -> tuple[Action, ...]:
        return (self.action(),)


def check(  # noqa: PLR0913 -- a condition has these parts
    of: Key,
    condition: str,
    values: Mapping[str, Any],
    *,
    names: Mapping[str, str] | None = None,
    refused: Rejected | None = None,
    count: int = COPIES,
) -> Action:
    """Hold the transaction to a condition on an item, by one of its copies."""
    every = writes.check(of, condition, values, names=names, refused=refused)
    return _Check(of, count, every).action()
