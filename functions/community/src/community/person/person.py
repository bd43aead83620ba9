"""A person as communities need them, and where the row of one stands."""

from dataclasses import dataclass, field
from datetime import date

from community.neighbours import Allowances
from troupe.views import Place

VIEW = "person"
STREAM = "user"  # of identity, one for each person; the part of the row that it feeds is called the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    display_name: str
    kind: str
    status: str
    avatar_url: str | None = None
    birth_date: date | None = None
    country: str | None = None
    allowances: Allowances = field(default_factory=Allowances)

    @property
    def leads(self) -> bool:
        """Whether it is a leader, by profession as it were."""
        return self.status == "active" and self.allowances.can_create_communities


def place(user_id: str) -> Place:
    return Place(parts=(user_id,))
