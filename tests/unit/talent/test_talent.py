"""A talent: who may become what, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import get_args

import pytest

from support.spec import ANN, assert_folds_as_stored
from support.talent.histories import CREATED, EMILY, LINKED, NOW, after, given, snapshot
from talent.talents.commands import (
    AddTag,
    AddTalentNote,
    AssignTalentOwner,
    ChangeTalentStatus,
    CreateTalent,
    DeleteTalent,
    EraseTalent,
    MergeTalent,
    ReengageTalent,
    RemoveTag,
    RemoveTalentNote,
    RestoreTalent,
    SupersedeTalent,
    UpdateRateCard,
    UpdateTalent,
)
from talent.talents.decider import TALENT, merging, successor
from talent.talents.events import (
    TalentDeleted,
    TalentMerged,
    TalentNoteAdded,
    TalentNoteRemoved,
    TalentOwnerAssigned,
    TalentPersonalDataErased,
    TalentRateCardUpdated,
    TalentRestored,
    TalentStatusChanged,
    TalentSuperseded,
    TalentTagAdded,
    TalentTagRemoved,
    TalentTierChanged,
    TalentUpdated,
)
from talent.talents.values import Note, PlatformProfile, Rate, Status
from troupe.domain.decider import Rejected

STATUSES = get_args(Status.__value__)
LEGAL = {  # RFC-0007, written out by hand
    ("prospect", "contacted"),
    ("contacted", "negotiating"),
    ("contacted", "churned"),
    ("negotiating", "signed"),
    ("negotiating", "churned"),
    ("signed", "active"),
    ("active", "paused"),
    ("active", "churned"),
    ("paused", "active"),
    ("paused", "churned"),
}


def standing(status):
    return (CREATED, TalentStatusChanged(was="prospect", to=status))


@pytest.mark.parametrize("was, to", list(product(STATUSES, STATUSES)))
def test_scenario_34_ten_changes_of_status_are_possible_and_no_other(was, to):
    asked = given(*standing(was)).when(ChangeTalentStatus(to=to, reason="Because."))
    if (was, to) in LEGAL:
        asked.then(TalentStatusChanged(was=was, to=to, reason="Because."))
    else:
        asked.then_rejected("invalid_transition")


def test_is_created_with_its_tags_in_one_form():
    create = CreateTalent(org_id="o1", profile=EMILY, tags=(" Vegan", "vegan"), categories=("food", "food"))
    given().when(create).then(replace(CREATED, tags=("vegan",), categories=("food",)))


def test_is_updated_where_something_differs():
    told = replace(EMILY, bio="Bakes.")
    updated = TalentUpdated(profile=told, categories=("food",), updated_at=NOW)
    change = UpdateTalent(changes={"bio": "Bakes.", "categories": ("food",)})
    given(CREATED).when(change).then(updated)
    given(CREATED, updated).when(change).then_nothing()


def test_is_deleted_and_restored_with_the_status_it_had():
    deleted = TalentDeleted(reason=None, deleted_at=NOW)
    given(*standing("active")).when(DeleteTalent()).then(deleted)
    gone = given(*standing("active"), deleted)
    gone.when(DeleteTalent()).then_nothing()
    gone.when(RestoreTalent()).then(TalentRestored())
    back = given(*standing("active"), deleted, TalentRestored())
    back.when(RestoreTalent()).then_nothing()
    assert (back.state.status, back.state.deleted_at) == ("active", None)


def test_notes_are_added_and_removed():
    (added,) = given(CREATED).when(AddTalentNote(text="Calls.", visibility="private")).act()
    assert (added.text, added.author_id, added.created_at) == ("Calls.", ANN, NOW)
    remove = RemoveTalentNote(note_id=added.note_id)
    given(CREATED, added).when(remove).then(TalentNoteRemoved(note_id=added.note_id))
    given(CREATED).when(remove).then_nothing()
    full = after((CREATED,), *[AddTalentNote(text="x")] * 100)
    given(*full).when(AddTalentNote(text="x")).then_rejected("too_many_notes")


def test_tags_are_a_set_of_at_most_fifty():
    given(CREATED).when(AddTag(tag=" Vegan ")).then(TalentTagAdded(tag="vegan"))
    tagged = given(CREATED, TalentTagAdded(tag="vegan"))
    tagged.when(AddTag(tag="VEGAN")).then_nothing()
    tagged.when(RemoveTag(tag="Vegan")).then(TalentTagRemoved(tag="vegan"))
    given(CREATED).when(RemoveTag(tag="vegan")).then_nothing()
    full = after((CREATED,), *(AddTag(tag=str(number)) for number in range(50)))
    given(*full).when(AddTag(tag="more")).then_rejected("too_many_tags")


def test_prices_and_owner_change_where_they_differ():
    card = {"items": (Rate(content_type="reel", amount_cents=9),), "currency": "EUR"}
    card["valid_from"] = date(2026, 3, 1)
    priced = TalentRateCardUpdated(**card)
    given(CREATED).when(UpdateRateCard(**card)).then(priced)
    given(CREATED, priced).when(UpdateRateCard(**card)).then_nothing()
    owned = TalentOwnerAssigned(was=None, to=ANN)
    given(CREATED).when(AssignTalentOwner(owner_user_id=ANN)).then(owned)
    given(CREATED, owned).when(AssignTalentOwner(owner_user_id=ANN)).then_nothing()


def test_a_merge_brings_what_the_winner_lacks():
    note = Note(id="n1", text="Fair.", visibility="org", author_id=ANN, created_at=NOW)
    other = PlatformProfile(handle="emily", external_id="9", follower_count=20_000, as_of=NOW)
    loser = replace(
        given(CREATED).state,
        platforms={"youtube": other, "tiktok": PlatformProfile(handle="EMILY")},
        tags=("a", "b"),
        notes={"n1": note},
        owner_user_id="u2",
    )
    winner = given(CREATED, LINKED, TalentTagAdded(tag="a"))
    merged = TalentMerged(
        loser_id="t2", platforms={"youtube": other}, tags=("b",), notes={"n1": note}, owner_user_id="u2"
    )
    tier = TalentTierChanged(was="unknown", to="micro", basis_platform="youtube")
    winner.when(merging("t2", loser)).then(merged, tier)
    state = winner(*winner.history, merged, tier).state
    assert (set(state.platforms), state.tags, state.owner_user_id) == (
        {"tiktok", "youtube"},
        ("a", "b"),
        "u2",
    )


def test_two_accounts_on_a_platform_prevent_a_merge():
    loser = given(CREATED, replace(LINKED, external_id="8")).state
    given(CREATED, LINKED).when(merging("t2", loser)).then_rejected("platform_conflict")


def test_notes_of_both_have_a_limit():
    many = given(*after((CREATED,), *[AddTalentNote(text="x")] * 60))
    many.when(merging("t2", many.state)).then_rejected("too_many_notes")


def test_what_was_merged_stays_so():
    gone = TalentSuperseded(successor_id="t1", merged=True, superseded_at=NOW)
    given(CREATED, LINKED).when(SupersedeTalent(successor_id="t1")).then(gone)
    merged = given(CREATED, LINKED, gone)
    assert (merged.state.platforms, merged.state.merged_into) == ({}, "t1")
    merged.when(RestoreTalent()).then_rejected("already_merged")
    with pytest.raises(Rejected) as refused:
        merging("t2", merged.state)
    assert refused.value.code == "already_merged"
    into = MergeTalent(loser_id="t3", platforms={}, tags=(), notes={}, owner_user_id=None)
    merged.when(into).then_rejected("already_merged")


@pytest.mark.parametrize("status", STATUSES)
def test_scenario_55_only_a_churned_talent_begins_anew_and_once(status):
    asked = given(*standing(status)).when(ReengageTalent(successor_id="t2"))
    gone = TalentSuperseded(successor_id="t2", merged=False, superseded_at=NOW)
    if status != "churned":
        asked.then_rejected("invalid_transition")
        return
    asked.then(gone)
    given(*standing(status), gone).when(ReengageTalent(successor_id="t3")).then_rejected("already_superseded")
    come = given().when(successor(given(*standing(status), LINKED).state, "t1")).act()
    new = given(*come).state
    assert (new.status, new.previous_talent_id, set(new.platforms)) == ("prospect", "t1", {"tiktok"})


def test_what_is_personal_is_blank_after_an_erasure():
    counted = replace(LINKED, follower_count=120_000, as_of=NOW)
    (note,) = given(CREATED).when(AddTalentNote(text="Calls.")).act()
    erased = TalentPersonalDataErased(erased_at=NOW)
    known = given(CREATED, counted, note)
    known.when(EraseTalent()).then(erased)
    bare = given(CREATED, counted, note, erased)
    bare.when(EraseTalent()).then_nothing()
    assert "emily" not in repr(bare.state).lower()
    assert "Calls" not in repr(bare.state)
    assert (bare.state.tier, bare.state.platforms["tiktok"].follower_count) == ("mid", 120_000)


def test_folds_as_stored():
    at = datetime(2026, 2, 1, tzinfo=UTC)
    history = after(
        (CREATED, LINKED),
        snapshot(120_000, at, engagement_rate=0.031),
        AddTalentNote(text="Calls."),
        AddTag(tag="a"),
        AssignTalentOwner(owner_user_id=ANN),
        ChangeTalentStatus(to="contacted"),
        now=at,
    )
    assert isinstance(history[-3], TalentTagAdded)
    assert any(isinstance(each, TalentNoteAdded) for each in history)
    assert_folds_as_stored(TALENT, history)
