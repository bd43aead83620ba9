"""A person as communities need them, and where the row of one stands."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from community.external.readers import Allowances
from community.person.values import Applicant, PersonSnapshot
from troupe.domain.personal import Personal
from troupe.projection import generations
from troupe.projection.view import Place
from troupe.store import aggregates, keys, reads
from troupe.store.keys import Key
from troupe.store.table import Unavailable
from troupe.store.transact import Snapshot

VIEW = "person"
STREAM = "user"  # of identity, one for each person; the part of the row that it feeds is called the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    display_name: Annotated[str, Personal("user")]
    kind: str
    status: str
    avatar_url: Annotated[str | None, Personal("user", None)] = None
    birth_date: Annotated[date | None, Personal("user", None)] = None
    country: Annotated[str | None, Personal("user", None)] = None
    allowances: Allowances = field(default_factory=Allowances)

    @property
    def leads(self) -> bool:
        """Whether it is a leader, by profession as it were."""
        return self.status == "active" and self.allowances.can_create_communities


def place(user_id: str) -> Place:
    return Place(parts=(user_id,))


_live = {"generation": 1}


def _row(tenant_id: str, user_id: str) -> Key:
    return generations.key(VIEW, _live["generation"], tenant_id, place(user_id))


def key_to_read(tenant_id: str, user_id: str) -> tuple[Key, Key]:
    return keys.generation(VIEW), _row(tenant_id, user_id)


def subject(tenant_id: str, user_id: str) -> Key:
    """The key of the person's data, for the commands that write some of it."""
    return keys.subject(tenant_id, f"user:{user_id}")


def find(at: Snapshot, user_id: str) -> Person | None:
    """The person, if that is one: identity's events take a moment to come here."""
    tenant_id = at.scope.tenant_id
    live: int = (at.item(keys.generation(VIEW)) or {"live": 1})["live"]
    _live["generation"] = live
    key = _row(tenant_id, user_id)
    row = at.item(key) or reads.one(key) or {}
    return aggregates.parse(Person, row[STREAM]) if STREAM in row else None


def known(at: Snapshot, user_id: str) -> Person:
    """The person, or `Unavailable`: a new user is known after a moment."""
    person = find(at, user_id)
    if person is None:
        raise Unavailable("the person is not known here yet")
    return person


def snapshot_of(user_id: str, person: Person) -> PersonSnapshot:
    return PersonSnapshot(id=user_id, display_name=person.display_name, avatar_url=person.avatar_url)


def applicant(person: Person) -> Applicant:
    return Applicant(birth_date=person.birth_date, country=person.country)
