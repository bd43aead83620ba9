"""A talent: who may become what, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

import pytest

from support.spec import ANN, NOON, Given, assert_folds_as_stored
from talent.talents.commands import (
    AddTag,
    AddTalentNote,
    AssignTalentOwner,
    ChangeTalentStatus,
    CreateTalent,
    DeleteTalent,
    EraseTalent,
    LinkPlatform,
    MergeTalent,
    ReengageTalent,
    RemoveTag,
    RemoveTalentNote,
    RestoreTalent,
    SupersedeTalent,
    UnlinkPlatform,
    UpdateRateCard,
    UpdateTalent,
    UpdateTalentMetrics,
    VerifyPlatform,
)
from talent.talents.decider import TALENT, merging, successor
from talent.talents.events import (
    TalentCreated,
    TalentDeleted,
    TalentHandleChanged,
    TalentMerged,
    TalentMetricsUpdated,
    TalentNoteAdded,
    TalentNoteRemoved,
    TalentOwnerAssigned,
    TalentPersonalDataErased,
    TalentPlatformLinked,
    TalentPlatformUnlinked,
    TalentPlatformVerified,
    TalentRateCardUpdated,
    TalentRestored,
    TalentStatusChanged,
    TalentSuperseded,
    TalentTagAdded,
    TalentTagRemoved,
    TalentTierChanged,
    TalentUpdated,
)
from talent.talents.metrics_rules import engagement_rate, from_followers, tier_of
from talent.talents.values import Note, PlatformProfile, Profile, Rate, Status
from troupe.domain.decider import Invalid, Rejected

NOW = NOON.now
EMILY = Profile(display_name="Emily", email="emily@example.com")
CREATED = TalentCreated(org_id="o1", profile=EMILY, source="manual", created_at=NOW)
LINKED = TalentPlatformLinked(platform="tiktok", handle="emily", external_id="7")
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
given = Given(TALENT)


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


@pytest.mark.parametrize("handle", ["emily", "@emily", " @emily "])
def test_an_account_is_linked_once(handle):
    link = LinkPlatform(platform="tiktok", handle=handle, external_id="7")
    given(CREATED).when(link).then(LINKED)
    given(CREATED, LINKED).when(link).then_nothing()


def test_the_same_account_has_another_handle():
    link = LinkPlatform(platform="tiktok", handle="emma", external_id="7")
    changed = TalentHandleChanged(platform="tiktok", old="emily", new="emma")
    given(CREATED, LINKED).when(link).then(changed)
    assert given(CREATED, LINKED, changed).state.platforms["tiktok"].handle == "emma"


@pytest.mark.parametrize("handle, external_id", [("emily", "8"), ("emma", None)])
def test_another_account_needs_the_first_to_be_unlinked(handle, external_id):
    link = LinkPlatform(platform="tiktok", handle=handle, external_id=external_id)
    given(CREATED, LINKED).when(link).then_rejected("platform_conflict")


def test_the_account_s_id_is_told_later_and_the_numbers_stay():
    bare = TalentPlatformLinked(platform="tiktok", handle="emily", follower_count=7, as_of=NOW)
    link = LinkPlatform(platform="tiktok", handle="Emily", external_id="7")
    told = replace(LINKED, handle="Emily")
    tier = TalentTierChanged(was="unknown", to="nano", basis_platform="tiktok")
    given(CREATED, bare, tier).when(link).then(told)
    assert given(CREATED, bare, tier, told).state.platforms["tiktok"].follower_count == 7


def test_an_account_that_is_unlinked_takes_its_tier_along():
    counted = replace(LINKED, follower_count=120_000, as_of=NOW)
    tier = TalentTierChanged(was="unknown", to="mid", basis_platform="tiktok")
    link = LinkPlatform(platform="tiktok", handle="emily", external_id="7", follower_count=120_000)
    given(CREATED).when(link).then(counted, tier)
    unlinked = TalentPlatformUnlinked(platform="tiktok")
    gone = TalentTierChanged(was="mid", to="unknown")
    given(CREATED, counted, tier).when(UnlinkPlatform(platform="tiktok")).then(unlinked, gone)
    given(CREATED, counted, tier, unlinked, gone).when(UnlinkPlatform(platform="tiktok")).then_nothing()


def test_an_account_is_verified_once():
    verify = VerifyPlatform(platform="tiktok", method="oauth")
    verified = TalentPlatformVerified(platform="tiktok", method="oauth")
    given(CREATED).when(verify).then_rejected("platform_not_linked")
    given(CREATED, LINKED).when(verify).then(verified)
    given(CREATED, LINKED, verified).when(verify).then_nothing()


def test_what_is_no_platform_handle_or_tag_is_named():
    with pytest.raises(Invalid, match="one of these"):
        given(CREATED).when(LinkPlatform(platform="myspace", handle="emily")).act()
    given(CREATED).when(LinkPlatform(platform="tiktok", handle="@ ")).then_rejected("handle_empty")
    given(CREATED).when(RemoveTag(tag="x" * 51)).then_rejected("tag_length")


def snapshot(count, at, platform="tiktok", **more):
    return UpdateTalentMetrics(platform=platform, follower_count=count, as_of=at, **more)


def after(history, *commands, now=NOW):
    """The history with what these commands add."""
    for command in commands:
        history = (*history, *given(*history).at(now).when(command).act())
    return history


def test_engagement_is_weighted_by_followers_golden_e1():
    accounts = {
        "tiktok": PlatformProfile(handle="a", follower_count=120_000, engagement_rate=0.031, as_of=NOW),
        "instagram": PlatformProfile(handle="a", follower_count=48_000, engagement_rate=0.062, as_of=NOW),
        "youtube": PlatformProfile(handle="a", follower_count=9_500, engagement_rate=0.11, as_of=NOW),
    }
    assert (engagement_rate(accounts), tier_of(accounts)) == (0.043611, "mid")
    assert (engagement_rate({}), tier_of({})) == (0.0, "unknown")


@pytest.mark.parametrize(
    "count, tier",
    [
        (0, "nano"),
        (9_999, "nano"),
        (10_000, "micro"),
        (99_999, "micro"),
        (100_000, "mid"),
        (499_999, "mid"),
        (500_000, "macro"),
        (999_999, "macro"),
        (1_000_000, "mega"),
    ],
)
def test_tiers_golden_e2(count, tier):
    assert from_followers(count) == tier


def test_scenario_35_a_tier_that_flaps_is_told_of_twice():
    series = (99_900, 100_050, 99_900, 100_050, 98_000, 97_999)
    history, tiers, told = (CREATED, LINKED), [], []
    for day, count in enumerate(series):
        at = NOW + timedelta(days=day)
        new = given(*history).at(at).when(snapshot(count, at)).act()
        history = (*history, *new)
        tiers.append(given(*history).state.tier)
        told += [(day + 1, e.was, e.to) for e in new if isinstance(e, TalentTierChanged)]
    assert tiers == ["micro", "mid", "micro", "mid", "micro", "micro"]
    assert told == [(1, "unknown", "micro"), (2, "micro", "mid"), (6, "mid", "micro")]


def test_scenario_35_an_older_snapshot_is_noted_and_changes_nothing():
    history = after((CREATED, LINKED), snapshot(50_000, NOW))
    (noted,) = given(*history).when(snapshot(900_000, NOW - timedelta(days=1))).act()
    assert isinstance(noted, TalentMetricsUpdated)
    assert (noted.applied, noted.total_followers, noted.tier) == (False, 50_000, "micro")
    assert given(*history, noted).state == given(*history).state
    given(*history).when(snapshot(900_000, NOW)).then_nothing()


def test_a_snapshot_that_shows_no_change_is_no_event():
    history, later = after((CREATED, LINKED), snapshot(50_000, NOW)), NOW + timedelta(minutes=1)
    given(*history).when(snapshot(50_499, later)).then_nothing()
    (told,) = given(*history).when(snapshot(50_500, later)).act()
    assert (told.follower_count, told.suspicious) == (50_500, False)


@pytest.mark.parametrize(
    "hours, count, suspicious", [(24, 24_999, True), (24, 25_000, False), (25, 1, False)]
)
def test_a_sudden_fall_is_applied_and_marked(hours, count, suspicious):
    history, later = after((CREATED, LINKED), snapshot(50_000, NOW)), NOW + timedelta(hours=hours)
    told = given(*history).at(later).when(snapshot(count, later)).act()[0]
    assert (told.applied, told.suspicious) == (True, suspicious)


def test_numbers_of_a_time_to_come_are_refused():
    soon = NOW + timedelta(minutes=5)
    assert given(CREATED, LINKED).when(snapshot(1, soon)).act()
    given(CREATED, LINKED).when(snapshot(1, soon + timedelta(seconds=1))).then_rejected("as_of_in_future")
    given(CREATED).when(snapshot(1, NOW)).then_rejected("platform_not_linked")


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
