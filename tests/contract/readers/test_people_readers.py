"""The read models read events by the names of their fields: they read what the golden ones have."""

from datetime import UTC, datetime

import pytest

from documents.samples.golden import golden_events, life
from identity.user.cards import USER_CARDS, Card, project
from identity.user.lifecycle import METRICS, USER_LIFECYCLE
from troupe.projection.view import Tombstone
from troupe.store.envelope import Envelope

GOLDEN = golden_events("identity")
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def of(type_: str) -> Envelope:
    return next(event for event in GOLDEN if event.type == type_)


def test_a_card_of_a_whole_life():
    cards, card = [], None
    for event in life("identity", "user"):
        card = project(card, event)
        cards.append(card)
    gone = next(each for each in cards if isinstance(each, Tombstone))
    assert gone.kept == card
    assert card == Card(
        display_name="Emily Johnson",
        avatar_url="https://images.example.com/emily.png",
        bio="Makes videos about bread.",
        country="DE",
        kind="leader",
        status="active",
        since="2026-01-31T12:00:00Z",
        business_name="Emily's Bakery",
    )


def test_follows_count_on_both_sides():
    added = [list(USER_CARDS.count(of(name), NOON)) for name in ("user.followed", "user.unfollowed")]
    assert [(each.field, each.by) for counts in added for each in counts] == [
        ("followers", 1),
        ("following", 1),
        ("followers", -1),
        ("following", -1),
    ]
    assert [each.place for each in added[0]] == [each.place for each in added[1]]


@pytest.mark.parametrize("event", [pytest.param(event, id=event.type) for event in GOLDEN])
def test_each_is_counted_where_it_belongs(event):
    metric = METRICS.get(event.type)
    assert [each.field for each in USER_LIFECYCLE.count(event, NOON)] == ([metric] if metric else [])
