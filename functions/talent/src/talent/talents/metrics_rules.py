"""A talent's numbers over all accounts: followers, engagement and tier (RFC-0007, `TalentTier`)."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from talent.talents.values import Platform, PlatformProfile, Platforms, Tier

FLOORS: tuple[tuple[Tier, int], ...] = (
    ("mega", 1_000_000),
    ("macro", 500_000),
    ("mid", 100_000),
    ("micro", 10_000),
    ("nano", 0),
)
ORDER: tuple[Tier, ...] = ("unknown", "nano", "micro", "mid", "macro", "mega")
SETTLES_BELOW = Decimal("0.98")  # of the boundary, on the way down
SHOWN_CHANGE = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
AHEAD = timedelta(minutes=5)
SUDDEN = timedelta(days=1)


def from_followers(count: int) -> Tier:
    return next(tier for tier, floor in FLOORS if count >= floor)


def largest(platforms: Platforms) -> tuple[Platform, PlatformProfile] | None:
    """The account with the most followers among those whose followers are known."""
    counted: list[tuple[Platform, PlatformProfile]] = [
        (name, each) for name, each in platforms.items() if each.as_of
    ]
    return max(counted, key=lambda each: each[1].follower_count, default=None)


def tier_of(platforms: Platforms) -> Tier:
    """By the largest account alone, since audiences overlap."""
    basis = largest(platforms)
    return from_followers(basis[1].follower_count) if basis else "unknown"


def total_followers(platforms: Platforms) -> int:
    return sum(each.follower_count for each in platforms.values())


def engagement_rate(platforms: Platforms) -> float:
    """The mean weighted by followers, to six decimals, half to even."""
    total = total_followers(platforms)
    if not total:
        return 0.0
    weighted = sum(
        (Decimal(str(each.engagement_rate)) * each.follower_count for each in platforms.values()), Decimal(0)
    )
    return float((weighted / total).quantize(MILLIONTH, ROUND_HALF_EVEN))


def settled(was: Tier, platforms: Platforms) -> Tier:
    """The tier that is told of: upwards at the boundary, downwards below 98 % of it."""
    basis, now = largest(platforms), tier_of(platforms)
    if basis is None or was == "unknown" or ORDER.index(now) >= ORDER.index(was):
        return now
    held = dict(FLOORS)[was] * SETTLES_BELOW
    return was if basis[1].follower_count >= held else now


def changed(was: PlatformProfile, now: PlatformProfile) -> bool:
    """Whether a shown number differs by 1 % or more, or is the first."""
    pairs = (
        (was.follower_count, now.follower_count),
        (was.following_count, now.following_count),
        (was.post_count, now.post_count),
        (was.engagement_rate, now.engagement_rate),
    )
    return was.as_of is None or any(_differ(before, after) for before, after in pairs)


def _differ(before: float, after: float) -> bool:
    return before != after and abs(Decimal(str(after)) - Decimal(str(before))) >= SHOWN_CHANGE * Decimal(
        str(before)
    )


def suspicious(was: PlatformProfile, count: int, as_of: datetime) -> bool:
    """A fall of more than half within a day."""
    return was.as_of is not None and as_of - was.as_of <= SUDDEN and count * 2 < was.follower_count
