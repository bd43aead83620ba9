"""The people of a tenant as communities need them: how they show themselves, and what they may do.

Fed by identity's stream of each user. Derived: it can be rebuilt from the events.
"""

from dataclasses import replace

from community.external.readers import (
    Profile,
    user_created,
    user_profile_updated,
    user_promoted,
    user_restored,
)
from community.person.person import STREAM, VIEW, Person, place
from troupe.domain.personal import blanked
from troupe.projection.view import Part, Source, Tombstone, View
from troupe.store.envelope import Envelope


def project(person: Part[Person], event: Envelope) -> Part[Person]:
    match person:
        case Tombstone(kept=Person() as kept) if event.type == "user.restored":
            return replace(kept, status=user_restored(event.data).status)
        case Tombstone(kept=Person() as kept) if event.type == "user.personal_data_erased":
            return Tombstone(kept=blanked(kept))
        case None if event.type == "user.created":
            created = user_created(event.data)
            blank = Person(
                display_name="", kind=created.kind, status="pending", allowances=created.permissions
            )
            return _shown(created.profile, blank)
        case Person():
            return _project(person, event)
        case _:
            return person


def _project(person: Person, event: Envelope) -> Part[Person]:
    match event.type:
        case "user.profile_updated":
            return _shown(user_profile_updated(event.data).profile, person)
        case "user.promoted":
            return replace(person, kind="leader", allowances=user_promoted(event.data).permissions)
        case "user.verified" | "user.reactivated":
            return replace(person, status="active")
        case "user.suspended":
            return replace(person, status="suspended")
        case "user.deleted":
            return Tombstone(kept=person)
        case _:
            return person


def _shown(profile: Profile, person: Person) -> Person:
    return replace(
        person,
        display_name=profile.display_name,
        avatar_url=profile.avatar_url,
        birth_date=profile.birth_date,
        country=profile.country,
    )


PERSON = Source[Person](
    kind=STREAM, shape=Person, place=lambda event: place(event.aggregate_id), project=project
)
PEOPLE = View(name=VIEW, sources=(PERSON,))
