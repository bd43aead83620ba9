"""What happens to a talent. Events are stored for ever: never rename one, and give a new field a default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from talent.talents.values import (
    NAMELESS,
    Note,
    Platform,
    PlatformProfile,
    Platforms,
    Profile,
    Proof,
    Rate,
    RateCard,
    Source,
    Status,
    Tier,
    Visibility,
    unnamed,
)
from troupe.domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentCreated:
    org_id: str
    profile: Annotated[Profile, Personal("talent", NAMELESS)]
    source: Source
    created_at: datetime
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owner_user_id: str | None = None
    previous_talent_id: str | None = None
    platforms: Annotated[Platforms, Personal("talent", unnamed)] = field(
        default_factory=dict[Platform, PlatformProfile]
    )
    rate_card: RateCard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentUpdated:
    """The profile and the categories as they are now, so that a reader needs no former ones."""

    profile: Annotated[Profile, Personal("talent", NAMELESS)]
    categories: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentDeleted:
    reason: Annotated[str | None, Personal("talent", None)]
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentRestored:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentStatusChanged:
    was: Status
    to: Status
    reason: Annotated[str | None, Personal("talent", None)] = None
    contract_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentPlatformLinked:
    platform: Platform
    handle: Annotated[str, Personal("talent")]
    external_id: Annotated[str | None, Personal("talent", None)] = None
    follower_count: int | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentPlatformUnlinked:
    platform: Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentPlatformVerified:
    platform: Platform
    method: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentHandleChanged:
    """The same account under another handle."""

    platform: Platform
    old: Annotated[str, Personal("talent")]
    new: Annotated[str, Personal("talent")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentMetricsUpdated:
    """A snapshot of an account's numbers; one that is older than what is known is not `applied`."""

    platform: Platform
    follower_count: int
    following_count: int
    post_count: int
    engagement_rate: float
    as_of: datetime
    source: str
    applied: bool
    suspicious: bool
    total_followers: int
    tier: Tier
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentTierChanged:
    was: Tier
    to: Tier
    basis_platform: Platform | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentNoteAdded:
    note_id: str
    text: Annotated[str, Personal("talent")]
    visibility: Visibility
    author_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentNoteRemoved:
    note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentTagAdded:
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentTagRemoved:
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentRateCardUpdated:
    items: tuple[Rate, ...]
    currency: str
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentOwnerAssigned:
    was: str | None
    to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentMerged:
    """The talent took over what a duplicate had and it had not."""

    loser_id: str
    platforms: Annotated[Platforms, Personal("talent", unnamed)]
    tags: tuple[str, ...]
    notes: Annotated[Mapping[str, Note], Personal("talent", dict[str, Note]())]
    owner_user_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentSuperseded:
    """Another talent stands in place of this one; `merged` where both are the same relationship."""

    successor_id: str
    merged: bool
    superseded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentPersonalDataErased:
    """The key of the person's data is destroyed: readers that keep a copy of the data blank it."""

    erased_at: datetime


type Later = (  # all that can happen to an existing talent
    TalentUpdated
    | TalentDeleted
    | TalentRestored
    | TalentStatusChanged
    | TalentPlatformLinked
    | TalentPlatformUnlinked
    | TalentPlatformVerified
    | TalentHandleChanged
    | TalentMetricsUpdated
    | TalentTierChanged
    | TalentNoteAdded
    | TalentNoteRemoved
    | TalentTagAdded
    | TalentTagRemoved
    | TalentRateCardUpdated
    | TalentOwnerAssigned
    | TalentMerged
    | TalentSuperseded
    | TalentPersonalDataErased
)
type Event = TalentCreated | Later
