"""A lifecycle: the table of the commands that move a status; every pair not in it is refused."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from troupe.domain.decider import Context, Rejected

REFUSED = "invalid_transition"


@dataclass(frozen=True, slots=True)
class Move[S, E]:
    """From which statuses a command leads to which, and its event; without one, `decide` makes it."""

    source: AbstractSet[str]
    to: str
    event: Callable[[Any, S, Context], E] | None = None


@dataclass(frozen=True, slots=True)
class Lifecycle[S, E]:
    moves: Mapping[type[Any], Move[S, E]]
    status: Callable[[S], str] = attrgetter("status")

    def moved(self, command: object, state: S) -> bool:
        """Whether a command changes the status; refuses what is not in the table (`invalid_transition`)."""
        move, was = self.moves[type(command)], self.status(state)
        if was == move.to:
            return False
        if was not in move.source:
            possible = " or ".join(sorted(move.source))
            raise Rejected(REFUSED, f"It is {was}; this is possible while it is {possible}.")
        return True

    def decide(self, command: object, state: S, context: Context) -> tuple[E, ...]:
        """The event of a plain move; nothing where the status is reached already."""
        event = self.moves[type(command)].event
        return (event(command, state, context),) if event and self.moved(command, state) else ()


@dataclass(frozen=True, slots=True)
class Transitions[S: str]:
    """Which status may follow which, where no command alone says what the next one is."""

    moves: Mapping[S, frozenset[S]]

    def check(self, was: S, to: S) -> None:
        """Refuse a transition that is not in the table (`invalid_transition`)."""
        if to not in self.moves[was]:
            raise Rejected(REFUSED, f"What is {was} cannot become {to}.")
