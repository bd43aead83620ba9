"""By which words a person is found after each event."""

from dataclasses import replace

import pytest

from identity.user.search import Person, project, words
from support.stream_events import envelope
from troupe.projection.view import Tombstone

PROFILE = {"display_name": "Ann Baker", "avatar_url": None, "business": None}
ANN = Person(display_name="Ann Baker", email="ann@bakery.example", kind="consumer", status="pending")
GONE = Tombstone(kept=ANN)
BLANK = Person(display_name="", email="", kind="consumer", status="pending")


def after(person, action, **data):
    return project(person, replace(envelope("user", "u1", 2, action), data=data))


def test_a_person_comes():
    data = {"kind": "consumer", "email": "ann@bakery.example", "profile": PROFILE, "roles": []}
    assert after(None, "created", **data) == ANN
    found = words(ANN)
    assert found.words == ("ann", "baker", "bakery")
    assert found.summary == {
        "display_name": "Ann Baker",
        "email": "ann@bakery.example",
        "avatar_url": None,
        "kind": "consumer",
        "status": "pending",
    }


def test_a_new_name_a_new_address_and_a_business_are_found():
    named = after(ANN, "profile_updated", profile={**PROFILE, "display_name": "Ann Cook"})
    assert words(named).words == ("ann", "cook", "bakery")
    assert words(after(ANN, "email_changed", email="ann@new.example")).words == ("ann", "baker", "new")
    leader = after(ANN, "promoted", business={"name": "Crumbs"})
    assert (words(leader).words[-1], leader.kind) == ("crumbs", "leader")


@pytest.mark.parametrize(
    "action, status",
    [
        ("verified", "active"),
        ("suspended", "suspended"),
        ("reactivated", "active"),
        ("role_assigned", "pending"),
    ],
)
def test_the_status_is_shown(action, status):
    assert after(ANN, action).status == status


def test_who_is_deleted_is_not_found_until_restored_and_who_is_erased_stays_in_nothing():
    assert after(ANN, "deleted") == GONE
    assert after(GONE, "restored", status="active").status == "active"
    assert after(GONE, "personal_data_erased") == Tombstone(kept=BLANK)
    assert after(GONE, "profile_updated", profile=PROFILE) == GONE
    assert after(None, "verified") is None
