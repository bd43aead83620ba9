"""By which words people are found, for who may inspect accounts: their name, address and business.

A person who is deleted is not found. What was erased stays in no word and no row.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

from troupe.domain.personal import Personal, blanked
from troupe.domain.words import words_of
from troupe.projection.view import Part, Place, Source, Tombstone, View, Words
from troupe.store.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    display_name: Annotated[str, Personal("user")]
    email: Annotated[str, Personal("user")]
    kind: str
    status: str
    avatar_url: Annotated[str | None, Personal("user", None)] = None
    business_name: Annotated[str | None, Personal("user", None)] = None


def project(person: Part[Person], event: Envelope) -> Part[Person]:
    match person:
        case Tombstone(kept=Person() as kept) if event.type == "user.restored":
            return replace(kept, status=event.data["status"])
        case Tombstone(kept=Person() as kept) if event.type == "user.personal_data_erased":
            return Tombstone(kept=blanked(kept))
        case None if event.type == "user.created":
            email, kind = event.data["email"], event.data["kind"]
            first = Person(display_name="", email=email, kind=kind, status="pending")
            return _with_profile(first, event.data["profile"])
        case Person():
            return _project(person, event)
        case _:
            return person


def _project(person: Person, event: Envelope) -> Part[Person]:  # noqa: PLR0911 -- one line for each event
    match event.type:
        case "user.profile_updated":
            return _with_profile(person, event.data["profile"])
        case "user.email_changed":
            return replace(person, email=event.data["email"])
        case "user.promoted":
            return replace(person, kind="leader", business_name=event.data["business"]["name"])
        case "user.verified" | "user.reactivated":
            return replace(person, status="active")
        case "user.suspended":
            return replace(person, status="suspended")
        case "user.deleted":
            return Tombstone(kept=person)
        case _:
            return person


def _with_profile(person: Person, profile: Mapping[str, Any]) -> Person:
    business = profile.get("business")
    return replace(
        person,
        display_name=profile["display_name"],
        avatar_url=profile.get("avatar_url"),
        business_name=business and business["name"],
    )


def words(person: Person) -> Words:
    shown = asdict(person)
    del shown["business_name"]
    return Words(words=words_of(person.display_name, person.email, person.business_name), summary=shown)


FOUND = Source[Person](
    kind="user",
    shape=Person,
    place=lambda event: Place(parts=(event.aggregate_id,)),
    project=project,
    words=words,
)
USER_WORDS = View(name="user_words", sources=(FOUND,))
