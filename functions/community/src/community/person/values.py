"""A person as events and decisions carry them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSnapshot:
    """A person as the lists of a community show them: the name and picture of the day they came."""

    id: str
    display_name: str
    avatar_url: str | None = None


def unnamed(person: PersonSnapshot) -> PersonSnapshot:
    """A person whose data was erased."""
    return PersonSnapshot(id=person.id, display_name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a profile says of age and place; a person need not tell."""

    birth_date: date | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
