"""Who reads what is told of communities, and what community reads of others, reads what the golden events have."""

import json
from datetime import UTC, date, datetime

import pytest

from community.comment.decider import COMMENT
from community.communities.decider import COMMUNITY
from community.communities.membership_decider import MEMBERSHIP
from community.external.readers import Allowances
from community.person.person import Person
from community.person.projection import project
from community.post.decider import POST
from community.report.decider import REPORT
from documents.samples.golden import golden, life
from identity.external import readers
from identity.user.cards import USER_CARDS
from troupe.projection.view import Tombstone
from troupe.store.aggregates import parse

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "decider", [COMMUNITY, MEMBERSHIP, POST, COMMENT, REPORT], ids=lambda decider: decider.name
)
def test_there_is_a_golden_event_of_each_type(decider):
    for name, shape in decider.events.items():
        event = golden("community", name)
        assert event.aggregate == decider.name
        assert isinstance(parse(shape, json.dumps(event.data)), shape)


def test_identity_counts_who_joins_leaves_and_is_banned():
    counted = [
        (each.place.parts, each.field, each.by)
        for verb in ("joined", "left", "banned")
        for each in USER_CARDS.count(golden("community", f"community.member_{verb}"), NOON)
    ]
    michael = golden("community", "community.member_joined").data["user_id"]
    assert counted == [
        ((michael,), "private_communities", 1),
        ((michael,), "private_communities", -1),
        ((michael,), "communities", -1),
    ]


def test_identity_reads_the_fields_that_the_golden_events_have():
    joined = golden("community", "community.member_joined").data
    assert readers.member_joined(joined).private is joined["private"] is True
    banned = golden("community", "community.member_banned").data
    assert readers.member_banned(banned).was_member is banned["was_member"] is True


def test_a_person_of_a_whole_life():
    """By identity's golden events, in the order of the stream."""
    states, person = [], None
    for event in life("identity", "user"):
        person = project(person, event)
        states.append(person)
    assert any(isinstance(each, Tombstone) for each in states)
    assert person == Person(
        display_name="Emily Johnson",
        kind="leader",
        status="active",
        avatar_url="https://images.example.com/emily.png",
        birth_date=date(1996, 5, 30),
        country="DE",
        allowances=Allowances(can_create_communities=True, max_communities=5),
    )
    assert person.leads
