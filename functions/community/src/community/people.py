"""Where a person's row is read, in the same batch as whatever is decided with it.

Which generation of the rows is live is read along. The row is asked for in the one that was live last time;
another read is made after a rebuild, and for somebody who is new here.
"""

from community.eligibility import Applicant
from community.membership_events import Party
from community.person import STREAM, VIEW, Person, place
from troupe import aggregates, generations, keys, reads
from troupe.keys import Key
from troupe.store import Snapshot
from troupe.table import Unavailable

_live = {"generation": 1}


def _row(tenant_id: str, user_id: str) -> Key:
    return generations.key(VIEW, _live["generation"], tenant_id, place(user_id))


def wanted(tenant_id: str, user_id: str) -> tuple[Key, Key]:
    return keys.generation(VIEW), _row(tenant_id, user_id)


def find(at: Snapshot, user_id: str) -> Person | None:
    """The person, if that is one: identity's events take a moment to come here."""
    tenant_id = at.scope.tenant_id
    live: int = (at.item(keys.generation(VIEW)) or {"live": 1})["live"]
    _live["generation"] = live
    key = _row(tenant_id, user_id)
    row = at.item(key) or reads.one(key) or {}
    return aggregates.parse(Person, row[STREAM]) if STREAM in row else None


def known(at: Snapshot, user_id: str) -> Person:
    """The person, or `Unavailable`: whoever has just signed up is known in a moment."""
    person = find(at, user_id)
    if person is None:
        raise Unavailable("the person is not known here yet")
    return person


def party(user_id: str, person: Person) -> Party:
    return Party(id=user_id, display_name=person.display_name, avatar_url=person.avatar_url)


def applicant(person: Person) -> Applicant:
    return Applicant(birth_date=person.birth_date, country=person.country)
