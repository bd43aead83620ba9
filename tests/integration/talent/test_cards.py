"""The cards of talents: whatever the order and number of events, and rebuilt, they are the same."""

import random

from support.dynamodb import stored_events
from support.spec import ANN, LAMBDA
from support.stream_events import batch, failed
from support.talent.roster import ORG, ask, emily
from support.talent.roster import delete_talent as delete
from support.talent.roster import erase_talent as erase
from support.talent.roster import link_platform as link
from support.talent.roster import restore_talent as restore
from talent.inbound import handler
from talent.talents.projection import SOURCE, TALENT_CARDS, project
from troupe.projection.view import Tombstone
from troupe.store import personal


def deliver(envelopes):
    assert failed(handler(batch(*envelopes), LAMBDA)) == []


def names(**query):
    return [each["display_name"] for each in ask("/talents", query=query).body["items"]]


def live():
    """Three talents: a large one, a small one that goes and comes back, and one that goes."""
    big, small, gone = (emily(display_name=name, owner_user_id=ANN) for name in ("Big", "Small", "Gone"))
    for number, (one, count) in enumerate(((big, 80_000), (small, 20_000), (gone, 30_000))):
        body = {"handle": "e", "external_id": str(number), "follower_count": count}
        assert link(one.on(), body=body).status == 200
    delete(small.path)
    restore(small.path)
    delete(gone.path)
    return big


def test_lists_follow_what_happened_in_any_order(roster):
    live()
    events = stored_events()
    for seed in range(3):
        shuffled = random.Random(seed).sample(events, len(events))
        deliver(shuffled[:10])
        deliver(shuffled[10:])
    assert names(tier="micro") == ["Big", "Small"]
    assert names(org_id=ORG) == ["Small", "Big"]
    assert names(owner_user_id=ANN) == ["Small", "Big"]
    assert names(tier="mega") == []


def test_an_erased_talent_has_no_name_on_its_card(roster):
    big = live()
    deliver(stored_events()[:10])
    erase(big.path)
    deliver(stored_events()[-10:])
    assert sorted(names(tier="micro")) == ["", "Small"]


def test_unknown_events_and_those_of_nothing_leave_a_card_as_it_is(roster):
    emily()
    (created,) = personal.opened(stored_events("talent.created"))
    known = project(None, created)
    assert not isinstance(known, Tombstone | None)
    assert project(known, created.__class__(**{**fields(created), "type": "talent.praised"})) == known
    assert project(None, created.__class__(**{**fields(created), "type": "talent.praised"})) is None
    assert (SOURCE.name, TALENT_CARDS.fed_by("talent")) == ("talent", (SOURCE,))


def fields(envelope):
    return {name: getattr(envelope, name) for name in envelope.__dataclass_fields__}
