"""What may be asked of a talent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, TypedDict

from talent.talents.values import (
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
    Visibility,
)
from troupe.domain.limits import Ge, Id, Instant, Le, Reason, Text

HANDLE = Text(strip_whitespace=True, min_length=1, max_length=100)
TAG = Text(strip_whitespace=True, min_length=1, max_length=50)
EXTERNAL_ID = Text(strip_whitespace=True, min_length=1, max_length=128)
NOTE = Text(strip_whitespace=True, min_length=1, max_length=1000, lines=True)
MOST = 10**12  # more followers than there are people

type Count = Annotated[int, Ge(0), Le(MOST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTalent:
    """Add a talent to an organization, as a prospect."""

    org_id: str
    profile: Profile
    source: Source = "manual"
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owner_user_id: str | None = None
    previous_talent_id: str | None = None
    platforms: Platforms = field(default_factory=dict[Platform, PlatformProfile])
    rate_card: RateCard | None = None


class TalentChanges(TypedDict, total=False):
    display_name: str
    bio: str | None
    avatar_url: str | None
    email: str | None
    phone: str | None
    custom_fields: Mapping[str, Any]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTalent:
    """Change what is told of a talent. What is not sent stays."""

    changes: TalentChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTalent:
    """Hide a talent. It can be restored."""

    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTalent:
    """Show a deleted talent again, with the status it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTalentStatus:
    """Move a talent to another status."""

    to: Status
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlatform:
    """Link an account on a platform to a talent, or tell of its new handle."""

    platform: str
    handle: Annotated[str, HANDLE]
    external_id: Annotated[str, EXTERNAL_ID] | None = None
    follower_count: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkPlatform:
    """Unlink an account, so that another talent may have it."""

    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPlatform:
    """Note that the account was proven to be the talent's."""

    platform: str
    method: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTalentMetrics:
    """Take a snapshot of an account's numbers. It is stored where a number changed by 1 % or the tier did."""

    platform: str
    follower_count: Count
    following_count: Count = 0
    post_count: Count = 0
    engagement_rate: Annotated[float, Ge(0), Le(1000)] = 0.0
    as_of: Instant
    source: Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=50)] = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTalentNote:
    """Write a note about a talent. A private one is shown to its author alone."""

    text: Annotated[str, NOTE]
    visibility: Visibility = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTalentNote:
    """Remove a note about a talent. Its text stays in the talent's history."""

    note_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTag:
    """Tag a talent. A tag that is there already stays."""

    tag: Annotated[str, TAG]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTag:
    """Take a tag from a talent."""

    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRateCard:
    """Set a talent's prices. They replace the former ones."""

    items: tuple[Rate, ...]
    currency: str
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTalentOwner:
    """Make a user responsible for a talent; null leaves it without an owner."""

    owner_user_id: Id | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTalent:
    """Merge a duplicate into a talent, which takes over what it lacks.

    Reads of the duplicate lead to the talent.
    """

    loser_id: str
    platforms: Platforms
    tags: tuple[str, ...]
    notes: Mapping[str, Note]
    owner_user_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReengageTalent:
    """Begin anew with a churned talent, as a new prospect that takes over the accounts."""

    successor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupersedeTalent:
    """Give way to the talent that a duplicate is merged into."""

    successor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTalent:
    """Erase the personal data of a talent, for good. Numbers and status stay, without a name."""


type Command = (
    UpdateTalent
    | DeleteTalent
    | RestoreTalent
    | ChangeTalentStatus
    | LinkPlatform
    | UnlinkPlatform
    | VerifyPlatform
    | UpdateTalentMetrics
    | AddTalentNote
    | RemoveTalentNote
    | AddTag
    | RemoveTag
    | UpdateRateCard
    | AssignTalentOwner
    | MergeTalent
    | ReengageTalent
    | SupersedeTalent
    | EraseTalent
)
