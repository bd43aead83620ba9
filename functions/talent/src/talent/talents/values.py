"""What is told of a talent: the profile, accounts on platforms, notes and prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

type Status = Literal["prospect", "contacted", "negotiating", "signed", "active", "paused", "churned"]
type Tier = Literal["unknown", "nano", "micro", "mid", "macro", "mega"]
type Platform = Literal[
    "tiktok",
    "instagram",
    "youtube",
    "twitter",
    "twitch",
    "facebook",
    "linkedin",
    "spotify",
    "pinterest",
    "snapchat",
]
type ContentType = Literal[
    "post", "reel", "story", "short", "video", "live", "podcast_episode", "blog", "other"
]
type Visibility = Literal["team", "org", "private"]
type Proof = Literal["oauth", "bio_code"]
type Source = Literal["manual", "import", "api", "reengagement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who the talent is, and how to reach them; all of it is personal."""

    display_name: str
    bio: str | None = None
    avatar_url: str | None = None
    email: str | None = None
    phone: str | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict[str, Any])


NAMELESS = Profile(display_name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformProfile:
    """An account on a platform; `as_of` is when its numbers were counted, null while none are known."""

    handle: str
    external_id: str | None = None
    follower_count: int = 0
    following_count: int = 0
    post_count: int = 0
    engagement_rate: float = 0.0
    verified: bool = False
    last_synced_at: datetime | None = None
    as_of: datetime | None = None


type Platforms = Mapping[Platform, PlatformProfile]


def unnamed(platforms: Platforms) -> Platforms:
    """The numbers of the accounts, without what tells whose they are."""
    return {name: replace(each, handle="", external_id=None) for name, each in platforms.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    id: str
    text: str
    visibility: Visibility
    author_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The price of one piece of content, on one platform or on any."""

    content_type: ContentType
    amount_cents: int
    platform: Platform | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    items: tuple[Rate, ...]
    currency: str
    valid_from: date
