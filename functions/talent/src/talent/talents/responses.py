"""What the API shows of a talent: the fields of RFC-0007, and ours beside them."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, JsonValue

from talent.talents import metrics_rules
from talent.talents.state import Talent
from talent.talents.values import ContentType, Note, Platform, Status, Tier, Visibility


class PlatformView(BaseModel, frozen=True, from_attributes=True):
    handle: str
    external_id: str | None
    follower_count: int
    following_count: int
    post_count: int
    engagement_rate: float
    verified: bool
    last_synced_at: datetime | None
    as_of: datetime | None


class RateView(BaseModel, frozen=True, from_attributes=True):
    content_type: ContentType
    amount_cents: int
    platform: Platform | None


class RateCardView(BaseModel, frozen=True, from_attributes=True):
    items: tuple[RateView, ...]
    currency: str
    valid_from: date


class NoteView(BaseModel, frozen=True, from_attributes=True):
    id: str
    text: str
    visibility: Visibility
    author_id: str
    created_at: datetime


class Notes(BaseModel, frozen=True):
    items: tuple[NoteView, ...]


class TalentView(BaseModel, frozen=True):
    """A talent; `total_followers`, `engagement_rate` and `tier` follow from the linked accounts."""

    id: str
    tenant_id: str
    org_id: str
    display_name: str
    bio: str | None
    avatar_url: str | None
    tiktok: PlatformView | None = None
    instagram: PlatformView | None = None
    youtube: PlatformView | None = None
    twitter: PlatformView | None = None
    twitch: PlatformView | None = None
    facebook: PlatformView | None = None
    linkedin: PlatformView | None = None
    spotify: PlatformView | None = None
    pinterest: PlatformView | None = None
    snapchat: PlatformView | None = None
    email: str | None
    phone: str | None
    status: Status
    tier: Tier
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    total_followers: int
    engagement_rate: float
    custom_fields: dict[str, JsonValue]
    owner_user_id: str | None
    rate_card: RateCardView | None
    previous_talent_id: str | None
    successor_id: str | None
    created_at: datetime
    updated_at: datetime


class TalentRow(BaseModel, frozen=True):
    """A talent as lists show it."""

    id: str
    display_name: str
    org_id: str
    status: Status
    tier: Tier
    total_followers: int
    owner_user_id: str | None = None
    tags: tuple[str, ...] = ()


def view(talent_id: str, tenant_id: str, state: Talent) -> TalentView:
    accounts: dict[str, Any] = {
        name: PlatformView.model_validate(each) for name, each in state.platforms.items()
    }
    profile = state.profile
    return TalentView(
        id=talent_id,
        tenant_id=tenant_id,
        org_id=state.org_id,
        display_name=profile.display_name,
        bio=profile.bio,
        avatar_url=profile.avatar_url,
        email=profile.email,
        phone=profile.phone,
        custom_fields=dict(profile.custom_fields),
        status=state.status,
        tier=state.tier,
        tags=state.tags,
        categories=state.categories,
        total_followers=metrics_rules.total_followers(state.platforms),
        engagement_rate=metrics_rules.engagement_rate(state.platforms),
        owner_user_id=state.owner_user_id,
        rate_card=RateCardView.model_validate(state.rate_card) if state.rate_card else None,
        previous_talent_id=state.previous_talent_id,
        successor_id=state.successor_id,
        created_at=state.created_at,
        updated_at=state.updated_at or state.created_at,
        **accounts,
    )


def shown(note: Note, reader: str) -> bool:
    """Whether a reader sees a note: a private one is its author's alone."""
    return note.visibility != "private" or note.author_id == reader
