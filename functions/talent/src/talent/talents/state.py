"""What a talent is, as its events tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Literal

from talent.talents import metrics_rules
from talent.talents.events import (
    Later,
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
from talent.talents.values import (
    NAMELESS,
    Note,
    Platform,
    PlatformProfile,
    Platforms,
    Profile,
    RateCard,
    Status,
    Tier,
    unnamed,
)
from troupe.domain.personal import Personal, blanked

NO_NOTES: Mapping[str, Note] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Talent:
    """`settled_tier` is the tier that was told of last; `tier` follows every number."""

    org_id: str
    profile: Annotated[Profile, Personal("talent", NAMELESS)]
    created_at: datetime
    status: Status = "prospect"
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    platforms: Annotated[Platforms, Personal("talent", unnamed)] = field(
        default_factory=dict[Platform, PlatformProfile]
    )
    notes: Annotated[Mapping[str, Note], Personal("talent", NO_NOTES)] = field(
        default_factory=dict[str, Note]
    )
    settled_tier: Tier = "unknown"
    rate_card: RateCard | None = None
    owner_user_id: str | None = None
    previous_talent_id: str | None = None
    successor_id: str | None = None
    merged_into: str | None = None
    deleted_at: datetime | None = None
    erased_at: datetime | None = None
    updated_at: datetime | None = None
    state: Literal["talent"] = "talent"

    @property
    def tier(self) -> Tier:
        return metrics_rules.tier_of(self.platforms)


def begin(event: TalentCreated) -> Talent:
    return Talent(
        org_id=event.org_id,
        profile=event.profile,
        created_at=event.created_at,
        categories=event.categories,
        tags=event.tags,
        platforms=event.platforms,
        settled_tier=metrics_rules.tier_of(event.platforms),
        rate_card=event.rate_card,
        owner_user_id=event.owner_user_id,
        previous_talent_id=event.previous_talent_id,
        updated_at=event.created_at,
    )


def evolve(state: Talent, event: Later) -> Talent:  # noqa: C901, PLR0911, PLR0912 -- one line for each event
    match event:
        case TalentUpdated():
            return replace(
                state, profile=event.profile, categories=event.categories, updated_at=event.updated_at
            )
        case TalentDeleted():
            return replace(state, deleted_at=event.deleted_at)
        case TalentRestored():
            return replace(state, deleted_at=None)
        case TalentStatusChanged():
            return replace(state, status=event.to)
        case TalentTierChanged():
            return replace(state, settled_tier=event.to)
        case TalentNoteAdded():
            return replace(state, notes={**state.notes, event.note_id: _note(event)})
        case TalentNoteRemoved():
            return replace(state, notes={k: v for k, v in state.notes.items() if k != event.note_id})
        case TalentTagAdded():
            return replace(state, tags=(*state.tags, event.tag))
        case TalentTagRemoved():
            return replace(state, tags=tuple(tag for tag in state.tags if tag != event.tag))
        case TalentRateCardUpdated():
            card = RateCard(items=event.items, currency=event.currency, valid_from=event.valid_from)
            return replace(state, rate_card=card)
        case TalentOwnerAssigned():
            return replace(state, owner_user_id=event.to)
        case TalentMerged():
            return replace(
                state,
                platforms={**state.platforms, **event.platforms},
                tags=(*state.tags, *event.tags),
                notes={**state.notes, **event.notes},
                owner_user_id=event.owner_user_id,
            )
        case TalentSuperseded():
            gone = replace(state, platforms={}, successor_id=event.successor_id)
            if not event.merged:
                return gone
            return replace(gone, merged_into=event.successor_id, deleted_at=event.superseded_at)
        case TalentPersonalDataErased():
            return replace(blanked(state), erased_at=event.erased_at)
        case _:
            return replace(state, platforms=_platforms(state.platforms, event))


def _note(event: TalentNoteAdded) -> Note:
    return Note(
        id=event.note_id,
        text=event.text,
        visibility=event.visibility,
        author_id=event.author_id,
        created_at=event.created_at,
    )


type OfAccount = (
    TalentPlatformLinked
    | TalentPlatformUnlinked
    | TalentPlatformVerified
    | TalentHandleChanged
    | TalentMetricsUpdated
)


def _platforms(platforms: Platforms, event: OfAccount) -> Platforms:
    """The accounts after an event about one of them."""
    if isinstance(event, TalentPlatformUnlinked):
        return {name: each for name, each in platforms.items() if name != event.platform}
    return {**platforms, event.platform: account(platforms.get(event.platform), event)}


def account(was: PlatformProfile | None, event: OfAccount) -> PlatformProfile:
    """One account after an event about it."""
    before = was or PlatformProfile(handle="")
    match event:
        case TalentPlatformLinked():
            named = replace(before, handle=event.handle, external_id=event.external_id)
            if event.follower_count is None:
                return named
            return replace(named, follower_count=event.follower_count, as_of=event.as_of)
        case TalentPlatformVerified():
            return replace(before, verified=True)
        case TalentHandleChanged():
            return replace(before, handle=event.new)
        case TalentMetricsUpdated() if event.applied:
            return replace(
                before,
                follower_count=event.follower_count,
                following_count=event.following_count,
                post_count=event.post_count,
                engagement_rate=event.engagement_rate,
                as_of=event.as_of,
                last_synced_at=event.received_at,
            )
        case _:
            return before
