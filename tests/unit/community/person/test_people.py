"""A person as communities know them, by what identity tells."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from community.external.readers import Allowances
from community.person.person import Person, place
from community.person.projection import PEOPLE, project
from support.stream_events import envelope
from troupe.projection.view import Tombstone

EMILY = Person(display_name="Emily", kind="consumer", status="pending")
PROFILE = {
    "display_name": "Emily",
    "avatar_url": None,
    "bio": "x",
    "birth_date": "2000-01-01",
    "country": "DE",
}
LEADER = {"can_post": True, "can_create_communities": True, "max_communities": 5}


def told(name, **data):
    return replace(envelope("user", "e", 1, name), data=data)


def test_signs_up_and_shows_themselves():
    assert project(None, told("created", kind="consumer", profile={"display_name": "Emily"})) == EMILY
    shown = project(EMILY, told("profile_updated", profile=PROFILE))
    assert (shown.birth_date, shown.country, shown.status) == (date(2000, 1, 1), "DE", "pending")


@pytest.mark.parametrize(
    "name, status", [("verified", "active"), ("suspended", "suspended"), ("reactivated", "active")]
)
def test_stands_as_identity_says(name, status):
    assert project(EMILY, told(name)) == replace(EMILY, status=status)


def test_leads_while_active():
    promoted = project(EMILY, told("promoted", permissions=LEADER))
    assert promoted.allowances == Allowances(can_create_communities=True, max_communities=5)
    assert (promoted.kind, promoted.leads) == ("leader", False)
    assert project(promoted, told("verified")).leads
    assert not EMILY.leads


def test_goes_and_comes_back():
    gone = project(EMILY, told("deleted"))
    assert gone == Tombstone(kept=EMILY)
    assert project(gone, told("verified")) == gone
    assert project(gone, told("restored", status="active")) == replace(EMILY, status="active")


@pytest.mark.parametrize("name", ["role_assigned", "created", "anything"])
def test_nothing_else_changes_anything(name):
    assert project(EMILY, told(name, kind="staff", profile=PROFILE)) == EMILY
    assert name == "created" or project(None, told(name)) is None


@pytest.mark.parametrize("name, data", [("created", {"kind": "consumer"}), ("created", {"profile": PROFILE})])
def test_what_lacks_a_field_is_an_error(name, data):
    with pytest.raises(ValidationError):
        project(None, told(name, **data))


def test_has_one_row():
    (source,) = PEOPLE.sources
    assert source.place(told("created")) == place("e")
