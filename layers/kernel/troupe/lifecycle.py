"""A lifecycle: the table of legal transitions; every pair not in it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from troupe.decider import Rejected


@dataclass(frozen=True, slots=True)
class Lifecycle[S: str]:
    moves: Mapping[S, frozenset[S]]

    def check(self, was: S, to: S) -> None:
        """Refuse a move that is not in the table (`invalid_transition`)."""
        if to not in self.moves[was]:
            raise Rejected("invalid_transition", f"What is {was} cannot become {to}.")
