"""A talent's accounts, numbers and tier."""

from dataclasses import replace
from datetime import timedelta

import pytest

from support.talent.histories import CREATED, LINKED, NOW, after, given, snapshot
from talent.talents.commands import (
    LinkPlatform,
    RemoveTag,
    UnlinkPlatform,
    VerifyPlatform,
)
from talent.talents.events import (
    TalentHandleChanged,
    TalentMetricsUpdated,
    TalentPlatformLinked,
    TalentPlatformUnlinked,
    TalentPlatformVerified,
    TalentTierChanged,
)
from talent.talents.metrics_rules import engagement_rate, from_followers, tier_of
from talent.talents.values import PlatformProfile
from troupe.domain.decider import Invalid


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
