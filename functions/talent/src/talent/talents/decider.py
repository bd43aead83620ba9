"""A talent: a creator whom an agency works with, from the first contact on."""

from dataclasses import replace
from typing import Any, assert_never

from talent.talents import account_rules, metrics_rules
from talent.talents.commands import (
    AddTag,
    AddTalentNote,
    AssignTalentOwner,
    ChangeTalentStatus,
    Command,
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
from talent.talents.decide_platforms import link, measure, retiered, unlink, verify
from talent.talents.events import (
    Event,
    TalentCreated,
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
    TalentUpdated,
)
from talent.talents.state import Talent, begin, evolve
from talent.talents.values import PlatformProfile, RateCard, Status
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.lifecycle import REFUSED, Transitions

LIFECYCLE = Transitions[Status](  # RFC-0007, `TalentStatus::can_transition_to`: these ten and no other
    {
        "prospect": frozenset({"contacted"}),
        "contacted": frozenset({"negotiating", "churned"}),
        "negotiating": frozenset({"signed", "churned"}),
        "signed": frozenset({"active"}),
        "active": frozenset({"paused", "churned"}),
        "paused": frozenset({"active", "churned"}),
        "churned": frozenset(),
    }
)


def create(command: CreateTalent, context: Context) -> tuple[Event, ...]:
    return (
        TalentCreated(
            org_id=command.org_id,
            profile=command.profile,
            source=command.source,
            created_at=context.now,
            categories=tuple(dict.fromkeys(command.categories)),
            tags=account_rules.tags(command.tags),
            owner_user_id=command.owner_user_id,
            previous_talent_id=command.previous_talent_id,
            platforms=command.platforms,
            rate_card=command.rate_card,
        ),
    )


def decide(command: Command, state: Talent, context: Context) -> tuple[Event, ...]:  # noqa: C901, PLR0911, PLR0912 -- one line for each command
    match command:
        case UpdateTalent():
            return _update(command, state, context)
        case DeleteTalent():
            return () if state.deleted_at else (_deleted(command, context),)
        case RestoreTalent():
            return _restore(state)
        case ChangeTalentStatus():
            LIFECYCLE.check(state.status, command.to)
            return (TalentStatusChanged(was=state.status, to=command.to, reason=command.reason),)
        case LinkPlatform():
            return link(command, state, context)
        case UnlinkPlatform():
            return unlink(command, state)
        case VerifyPlatform():
            return verify(command, state)
        case UpdateTalentMetrics():
            return measure(command, state, context)
        case AddTalentNote():
            return _add_note(command, state, context)
        case RemoveTalentNote():
            return (TalentNoteRemoved(note_id=command.note_id),) if command.note_id in state.notes else ()
        case AddTag() | RemoveTag():
            return _tag(command, state)
        case UpdateRateCard():
            return _price(command, state)
        case AssignTalentOwner():
            same = command.owner_user_id == state.owner_user_id
            return () if same else (TalentOwnerAssigned(was=state.owner_user_id, to=command.owner_user_id),)
        case MergeTalent():
            return _merge(command, state)
        case ReengageTalent():
            return _reengage(command, state, context)
        case SupersedeTalent():
            return (
                TalentSuperseded(successor_id=command.successor_id, merged=True, superseded_at=context.now),
            )
        case EraseTalent():
            return () if state.erased_at else (TalentPersonalDataErased(erased_at=context.now),)
        case _:
            assert_never(command)


def _update(command: UpdateTalent, state: Talent, context: Context) -> tuple[Event, ...]:
    told: dict[str, Any] = dict(command.changes)
    categories = tuple(dict.fromkeys(command.changes.get("categories", state.categories)))
    profile = replace(state.profile, **{name: value for name, value in told.items() if name != "categories"})
    if (profile, categories) == (state.profile, state.categories):
        return ()
    return (TalentUpdated(profile=profile, categories=categories, updated_at=context.now),)


def _deleted(command: DeleteTalent, context: Context) -> TalentDeleted:
    return TalentDeleted(reason=command.reason, deleted_at=context.now)


def _restore(state: Talent) -> tuple[Event, ...]:
    if state.merged_into:
        raise Rejected("already_merged", "It was merged into another talent. Work with that one.")
    return (TalentRestored(),) if state.deleted_at else ()


def _add_note(command: AddTalentNote, state: Talent, context: Context) -> tuple[Event, ...]:
    if len(state.notes) >= account_rules.MOST_NOTES:
        raise Rejected("too_many_notes", f"A talent has at most {account_rules.MOST_NOTES} notes.")
    return (
        TalentNoteAdded(
            note_id=context.new_id(),
            text=command.text,
            visibility=command.visibility,
            author_id=context.actor,
            created_at=context.now,
        ),
    )


def _tag(command: AddTag | RemoveTag, state: Talent) -> tuple[Event, ...]:
    tag = account_rules.tag(command.tag)
    if isinstance(command, RemoveTag):
        return (TalentTagRemoved(tag=tag),) if tag in state.tags else ()
    if tag in state.tags:
        return ()
    account_rules.room(len(state.tags) + 1)
    return (TalentTagAdded(tag=tag),)


def _price(command: UpdateRateCard, state: Talent) -> tuple[Event, ...]:
    card = RateCard(items=command.items, currency=command.currency, valid_from=command.valid_from)
    if card == state.rate_card:
        return ()
    return (TalentRateCardUpdated(items=card.items, currency=card.currency, valid_from=card.valid_from),)


def merging(loser_id: str, loser: Talent) -> MergeTalent:
    """What the other talent brings, or the refusal (`already_merged`, `already_superseded`)."""
    _current(loser)
    return MergeTalent(
        loser_id=loser_id,
        platforms=loser.platforms,
        tags=loser.tags,
        notes=loser.notes,
        owner_user_id=loser.owner_user_id,
    )


def _current(state: Talent) -> None:
    if state.merged_into:
        raise Rejected("already_merged", "It was merged into another talent. Work with that one.")
    if state.successor_id:
        raise Rejected("already_superseded", "It began anew as another talent. Work with that one.")


def _merge(command: MergeTalent, state: Talent) -> tuple[Event, ...]:
    """Where both have an account on a platform, it must be the same one, and the winner keeps its own."""
    _current(state)
    for name in command.platforms.keys() & state.platforms.keys():
        if account_rules.conflicts(command.platforms[name], state.platforms[name]):
            detail = f"Both have an account on {name}. Unlink one of them first."
            raise Rejected("platform_conflict", detail)
    tags = tuple(tag for tag in command.tags if tag not in state.tags)
    account_rules.room(len(state.tags) + len(tags))
    if len(state.notes) + len(command.notes) > account_rules.MOST_NOTES:
        raise Rejected("too_many_notes", "Together they have too many notes. Remove some first.")
    merged = TalentMerged(
        loser_id=command.loser_id,
        platforms={
            name: each for name, each in command.platforms.items() if _lacks(state.platforms.get(name), each)
        },
        tags=tags,
        notes=command.notes,
        owner_user_id=state.owner_user_id or command.owner_user_id,
    )
    return (merged, *retiered(state.settled_tier, {**state.platforms, **merged.platforms}))


def _lacks(own: PlatformProfile | None, brought: PlatformProfile) -> bool:
    """Whether the other's link tells more: there is none yet, or it does not say which account it is."""
    return own is None or (own.external_id is None and brought.external_id is not None)


def _reengage(command: ReengageTalent, state: Talent, context: Context) -> tuple[Event, ...]:
    _current(state)
    if state.status != "churned":
        raise Rejected(REFUSED, f"It is {state.status}; this is possible while it is churned.")
    return (TalentSuperseded(successor_id=command.successor_id, merged=False, superseded_at=context.now),)


def successor(state: Talent, previous_id: str) -> CreateTalent:
    """The new talent of a churned one: the same person, with a status and notes of its own."""
    return CreateTalent(
        org_id=state.org_id,
        profile=state.profile,
        source="reengagement",
        categories=state.categories,
        tags=state.tags,
        owner_user_id=state.owner_user_id,
        previous_talent_id=previous_id,
        platforms=state.platforms,
        rate_card=state.rate_card,
    )


def _listed(state: Talent, talent_id: str) -> Listing:
    """By status and by owner, the newest first; what is deleted stands in no list."""
    if state.deleted_at:
        return Listing()
    summary = {
        "display_name": state.profile.display_name,
        "org_id": state.org_id,
        "status": state.status,
        "tier": state.tier,
        "total_followers": metrics_rules.total_followers(state.platforms),
        "owner_user_id": state.owner_user_id,
        "tags": list(state.tags),
    }
    owned = (f"OWNER#{state.owner_user_id}", talent_id) if state.owner_user_id else None
    return Listing(collection=(f"TALENTS#{state.status}", talent_id), queue=owned, summary=summary)


TALENT = Decider[Talent, CreateTalent | Command, Event](
    name="talent",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("talent", Event),
    state=Talent,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
)
