"""A community: founded once, owned by one leader, deleted and restored."""

from dataclasses import replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from community.communities.decider import (
    COMMUNITY,
    Community,
    CommunityCreated,
    CommunityDeleted,
    CommunityRestored,
    CommunityTransferred,
    CommunityUpdated,
    CreateCommunity,
    DeleteCommunity,
    RestoreCommunity,
    TransferCommunity,
    UpdateCommunity,
)
from community.communities.settings import Branding, Limits, Settings
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

CIRCLE = Settings(name="Circle", purpose="Bread.", branding=Branding(logo_url="https://x.example/l.png"))
CREATE, DELETE, RESTORE = (
    CreateCommunity(owner_id="lea", settings=CIRCLE),
    DeleteCommunity(),
    RestoreCommunity(),
)
HAND = TransferCommunity(owner_id="max", to_leader=True)
created = CommunityCreated(owner_id="lea", settings=CIRCLE, created_at=NOON.now)
deleted, restored = CommunityDeleted(deleted_at=NOON.now), CommunityRestored()
transferred = CommunityTransferred(owner_id="max", former_owner_id="lea")
community = Given(COMMUNITY)


def test_is_founded_once():
    community().when(CREATE).then(created)


def test_what_is_not_named_stays():
    renamed = CommunityUpdated(settings=replace(CIRCLE, name="Round"))
    community(created).when(UpdateCommunity(changes={"name": "Round"})).then(renamed)
    community(created).when(UpdateCommunity(changes={"name": "Circle"})).then_nothing()
    community(created).when(UpdateCommunity(changes={})).then_nothing()


def test_is_handed_over_only_to_a_leader_who_is_a_member():
    community(created).when(HAND).then(transferred)
    community(created).when(replace(HAND, to_leader=False)).then_rejected("not_a_leading_member")
    community(created).when(TransferCommunity(owner_id="lea", to_leader=False)).then_nothing()
    assert community(created, transferred).state.owner_id == "max"


def test_is_deleted_and_restored_once():
    community(created).when(DELETE).then(deleted)
    community(created, deleted).when(DELETE).then_nothing()
    community(created, deleted).when(RESTORE).then(restored)
    community(created, deleted, restored).when(RESTORE).then_nothing()
    assert COMMUNITY.deleted_at(community(created, deleted).state) == NOON.now
    assert COMMUNITY.deleted_at(community(created, deleted, restored).state) is None


@pytest.mark.parametrize("command", [UpdateCommunity(changes={"name": "x"}), HAND])
def test_nothing_but_a_restore_happens_to_a_deleted_one(command):
    community(created, deleted).when(command).then_rejected("community_deleted")


def listing(*history):
    return COMMUNITY.listed(COMMUNITY.fold(history), "c")


def test_a_public_community_is_in_the_public_list_and_its_owner_s():
    at = "2026-01-31T12:00:00.000000Z#c"
    shown = listing(created)
    assert (shown.collection, shown.queue) == (("COMMUNITIES", at), ("OWN_COMMUNITIES#lea", at))
    assert shown.summary == {
        "name": "Circle",
        "purpose": "Bread.",
        "logo_url": "https://x.example/l.png",
        "visibility": "public",
        "owner_id": "lea",
        "created_at": "2026-01-31T12:00:00.000000Z",
    }


def test_a_private_one_is_in_its_owner_s_list_alone():
    hidden = replace(created, settings=replace(CIRCLE, visibility="private"))
    assert listing(hidden).collection is None
    assert listing(hidden, transferred).queue[0] == "OWN_COMMUNITIES#max"


def test_a_deleted_one_is_in_no_list():
    gone = listing(created, deleted)
    assert (gone.collection, gone.queue, gone.summary) == (None, None, {})


SETTINGS = st.builds(
    Settings,
    name=st.text(min_size=1),
    visibility=st.sampled_from(["public", "private"]),
    rules=st.lists(st.text(), max_size=3).map(tuple),
    limits=st.builds(
        Limits, minimum_age=st.none() | st.integers(1, 99), member_cap=st.none() | st.integers(1)
    ),
)
COMMANDS = st.one_of(
    st.builds(CreateCommunity, owner_id=st.just("lea"), settings=SETTINGS),
    st.builds(
        UpdateCommunity, changes=st.fixed_dictionaries({}, optional={"name": st.text(), "purpose": st.text()})
    ),
    st.builds(TransferCommunity, owner_id=st.sampled_from(["lea", "max"]), to_leader=st.booleans()),
    st.sampled_from([DELETE, RESTORE]),
)


@examples(st.lists(COMMANDS, max_size=12))
def test_invariants_hold_after_any_commands(commands):
    history, state = (), None
    for command in commands:
        try:
            events = COMMUNITY.answer(command, state, NOON)
        except Rejected:
            continue
        history, state = (*history, *events), COMMUNITY.fold(events, state)
        assert isinstance(state, Community)
        assert state.owner_id in {"lea", "max"}
        assert (state.status == "deleted") == (state.deleted_at is not None)
        if not isinstance(command, CreateCommunity):
            assert COMMUNITY.answer(command, state, NOON) == ()
    assert_folds_as_stored(COMMUNITY, history)
