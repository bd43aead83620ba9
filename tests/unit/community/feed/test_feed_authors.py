"""Whom pieces are by and the communities they are from: an edition for each change that a card shows."""

from dataclasses import replace

import pytest

from community.feed.authors import community, supplier, user
from community.feed.card_rules import Author, CommunityShown
from support.stream_events import envelope
from troupe.projection.view import Tombstone

EMILY = Author(display_name="Emily", edition=1)
BAKERY = Author(display_name="Bakery", avatar_url="l", edition=1)
CIRCLE = CommunityShown(public=True, edition=1)
COMPANY = {"legal_name": "Bakery GmbH", "trade_name": "Bakery", "logo_url": "l"}


def told(stream, name, version=7, /, **data):
    return replace(envelope(stream, "x", version, name), data=data)


def test_a_person():
    assert user(None, told("user", "created", 1, kind="consumer", profile={"display_name": "Emily"})) == EMILY
    renamed = user(EMILY, told("user", "profile_updated", profile={"display_name": "Em", "avatar_url": "a"}))
    assert renamed == Author(display_name="Em", avatar_url="a", edition=7)


@pytest.mark.parametrize("name", ["verified", "suspended", "promoted", "created", "restored"])
def test_what_a_card_does_not_show_is_no_edition(name):
    assert user(EMILY, told("user", name, profile={"display_name": "Emily"}, kind="leader")) == EMILY
    same = told("user", "profile_updated", profile={"display_name": "Emily", "country": "DE"})
    assert user(EMILY, same) == EMILY


def test_a_person_who_goes_and_comes_back():
    gone = user(EMILY, told("user", "deleted"))
    assert gone == Tombstone(kept=replace(EMILY, edition=7))
    assert user(gone, told("user", "verified", 8)) == gone
    assert user(gone, told("user", "restored", 9)) == replace(EMILY, edition=9)
    assert user(None, told("user", "verified")) is None


def test_a_supplier():
    assert supplier(None, told("supplier", "created", 1, company=COMPANY)) == BAKERY
    renamed = supplier(BAKERY, told("supplier", "updated", company={**COMPANY, "trade_name": None}))
    assert renamed == replace(BAKERY, display_name="Bakery GmbH", edition=7)
    assert supplier(BAKERY, told("supplier", "updated", company={**COMPANY, "phone": "1"})) == BAKERY


@pytest.mark.parametrize(
    "name, data, shown",
    [
        ("suspended", {}, False),
        ("deleted", {}, False),
        ("reinstated", {}, True),
        ("restored", {"status": "verified"}, True),
        ("restored", {"status": "suspended"}, False),
        ("verified", {}, None),
    ],
)
def test_what_is_shown_of_a_supplier_s(name, data, shown):
    was = replace(BAKERY, shown=shown is False)
    expected = was if shown is None else replace(BAKERY, shown=shown, edition=7)
    assert supplier(was, told("supplier", name, **data)) == expected


def test_a_community():
    public, private = {"visibility": "public"}, {"visibility": "private"}
    assert community(None, told("community", "created", 1, settings=public)) == CIRCLE
    assert community(CIRCLE, told("community", "updated", settings=public)) == CIRCLE
    closed = community(CIRCLE, told("community", "updated", settings=private))
    assert (closed, closed.open) == (CommunityShown(public=False, edition=7), False)
    gone = community(CIRCLE, told("community", "deleted"))
    assert (gone, gone.open) == (CommunityShown(public=True, stands=False, edition=7), False)
    assert community(gone, told("community", "restored", 8)) == replace(CIRCLE, edition=8)
    assert community(CIRCLE, told("community", "transferred")) == CIRCLE
    assert community(None, told("community", "updated", settings=public)) is None
