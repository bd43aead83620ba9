"""What is decided about a talent's accounts and their numbers."""

from dataclasses import replace

from talent.talents import account_rules, metrics_rules
from talent.talents.commands import LinkPlatform, UnlinkPlatform, UpdateTalentMetrics, VerifyPlatform
from talent.talents.events import (
    Event,
    TalentHandleChanged,
    TalentMetricsUpdated,
    TalentPlatformLinked,
    TalentPlatformUnlinked,
    TalentPlatformVerified,
    TalentTierChanged,
)
from talent.talents.state import Talent, account
from talent.talents.values import PlatformProfile, Platforms, Tier
from troupe.domain.decider import Context, Invalid, Rejected


def link(command: LinkPlatform, state: Talent, context: Context) -> tuple[Event, ...]:
    """Link an account; the one that is linked already may have another handle (`platform_conflict` else)."""
    platform = account_rules.platform(command.platform)
    given = PlatformProfile(handle=account_rules.handle(command.handle), external_id=command.external_id)
    known = state.platforms.get(platform)
    if known and account_rules.conflicts(known, given):
        raise Rejected("platform_conflict", f"Another account on {platform} is linked. Unlink it first.")
    if known and (known.external_id or not given.external_id):
        changed = TalentHandleChanged(platform=platform, old=known.handle, new=given.handle)
        return () if known.handle == given.handle else (changed,)
    linked = TalentPlatformLinked(
        platform=platform,
        handle=given.handle,
        external_id=given.external_id,
        follower_count=command.follower_count,
        as_of=None if command.follower_count is None else context.now,
    )
    platforms: Platforms = {**state.platforms, platform: account(known, linked)}
    return (linked, *retiered(state.settled_tier, platforms))


def unlink(command: UnlinkPlatform, state: Talent) -> tuple[Event, ...]:
    platform = account_rules.platform(command.platform)
    if platform not in state.platforms:
        return ()
    left: Platforms = {name: each for name, each in state.platforms.items() if name != platform}
    return (TalentPlatformUnlinked(platform=platform), *retiered(state.settled_tier, left))


def verify(command: VerifyPlatform, state: Talent) -> tuple[Event, ...]:
    platform = account_rules.platform(command.platform)
    if account_rules.linked(state.platforms, platform).verified:
        return ()
    return (TalentPlatformVerified(platform=platform, method=command.method),)


def measure(command: UpdateTalentMetrics, state: Talent, context: Context) -> tuple[Event, ...]:
    """An older snapshot is noted and not applied; one that shows no change leaves no event."""
    platform = account_rules.platform(command.platform)
    known = account_rules.linked(state.platforms, platform)
    if command.as_of > context.now + metrics_rules.AHEAD:
        raise Invalid("as_of_in_future", "The numbers are of a time to come. Check the clock.", "as_of")
    if command.as_of == known.as_of:
        return ()
    applied = known.as_of is None or command.as_of > known.as_of
    numbers = replace(
        known,
        follower_count=command.follower_count,
        following_count=command.following_count,
        post_count=command.post_count,
        engagement_rate=command.engagement_rate,
        as_of=command.as_of,
    )
    platforms: Platforms = {**state.platforms, platform: numbers if applied else known}
    tier, moved = metrics_rules.tier_of(platforms), retiered(state.settled_tier, platforms)
    if applied and not (moved or tier != state.tier or metrics_rules.changed(known, numbers)):
        return ()
    updated = TalentMetricsUpdated(
        platform=platform,
        follower_count=command.follower_count,
        following_count=command.following_count,
        post_count=command.post_count,
        engagement_rate=command.engagement_rate,
        as_of=command.as_of,
        source=command.source,
        applied=applied,
        suspicious=applied and metrics_rules.suspicious(known, command.follower_count, command.as_of),
        total_followers=metrics_rules.total_followers(platforms),
        tier=tier,
        received_at=context.now,
    )
    return (updated, *moved)


def retiered(settled: Tier, platforms: Platforms) -> tuple[TalentTierChanged, ...]:
    """The event of another settled tier, if it is another."""
    to, basis = metrics_rules.settled(settled, platforms), metrics_rules.largest(platforms)
    if to == settled:
        return ()
    return (TalentTierChanged(was=settled, to=to, basis_platform=basis[0] if basis else None),)
