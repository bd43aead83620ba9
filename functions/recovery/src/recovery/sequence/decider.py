"""A dunning sequence: the mails that are sent about an unpaid invoice, in editions that never change.

An attempt goes by the edition that stood when it began, so every edition is kept beside the aggregate.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal, TypedDict, assert_never

from recovery.sequence.events import (
    DelaysFrom,
    DunningSequenceCreated,
    DunningSequenceDisabled,
    DunningSequenceEnabled,
    DunningSequenceUpdated,
    Edition,
    Event,
    Step,
)
from troupe.domain.decider import Context, Decider, Invalid, Listing, events_of

MOST_STEPS = 20
LARGEST = 150_000  # bytes of all templates together: an event with them has to fit the bus

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningSequence:
    workspace_id: str
    name: str
    current: Edition
    created_at: datetime
    updated_at: datetime
    is_enabled: bool = False
    state: Literal["sequence"] = "sequence"


def begin(event: DunningSequenceCreated) -> DunningSequence:
    return DunningSequence(
        workspace_id=event.workspace_id,
        name=event.name,
        current=_edition(event, event.created_at),
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def evolve(
    state: DunningSequence,
    event: DunningSequenceUpdated | DunningSequenceEnabled | DunningSequenceDisabled,
) -> DunningSequence:
    match event:
        case DunningSequenceUpdated(name=name, updated_at=at):
            same = event.edition == state.current.edition
            current = state.current if same else _edition(event, at)
            return replace(state, name=name, current=current, updated_at=at)
        case DunningSequenceEnabled(enabled_at=at):
            return replace(state, is_enabled=True, updated_at=at)
        case DunningSequenceDisabled(disabled_at=at):
            return replace(state, is_enabled=False, updated_at=at)
        case _:
            assert_never(event)


def _edition(event: DunningSequenceCreated | DunningSequenceUpdated, at: datetime) -> Edition:
    return Edition(edition=event.edition, delays_from=event.delays_from, steps=event.steps, published_at=at)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A step as an author writes it; with the id of an existing step it is that step."""

    id: str | None = None
    delay_hours: int
    subject_template: str
    body_template: str


class Content(TypedDict):
    name: str
    delays_from: DelaysFrom
    steps: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDunningSequence:
    workspace_id: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDunningSequence:
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class EnableDunningSequence:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableDunningSequence:
    """Attempts that run go on by their edition; hold or migrate them to stop its mails."""


type Command = UpdateDunningSequence | EnableDunningSequence | DisableDunningSequence


def create(command: CreateDunningSequence, context: Context) -> tuple[Event, ...]:
    created = DunningSequenceCreated(
        workspace_id=command.workspace_id,
        name=command.content["name"],
        delays_from=command.content["delays_from"],
        steps=_steps(command.content, (), context),
        edition=1,
        created_at=context.now,
    )
    return (created,)


def decide(command: Command, state: DunningSequence, context: Context) -> tuple[Event, ...]:
    match command:
        case UpdateDunningSequence(content=content):
            return _update(content, state, context)
        case EnableDunningSequence() if not state.is_enabled:
            return (DunningSequenceEnabled(workspace_id=state.workspace_id, enabled_at=context.now),)
        case DisableDunningSequence() if state.is_enabled:
            return (DunningSequenceDisabled(workspace_id=state.workspace_id, disabled_at=context.now),)
        case EnableDunningSequence() | DisableDunningSequence():
            return ()
        case _:
            assert_never(command)


def _update(content: Content, state: DunningSequence, context: Context) -> tuple[Event, ...]:
    current, name, delays_from = state.current, content["name"], content["delays_from"]
    steps = _steps(content, current.steps, context)
    same = (delays_from, steps) == (current.delays_from, current.steps)
    if same and name == state.name:
        return ()
    updated = DunningSequenceUpdated(
        name=name,
        delays_from=delays_from,
        steps=steps,
        edition=current.edition if same else current.edition + 1,
        updated_at=context.now,
    )
    return (updated,)


def _steps(content: Content, current: tuple[Step, ...], context: Context) -> tuple[Step, ...]:
    """The steps of a draft, with the ids of those that stay. Delays from the start grow from step to step."""
    drafts = content["steps"]
    _check_delays(drafts, content["delays_from"])
    _check_ids(drafts, current)
    size = sum(len(f"{draft.subject_template}{draft.body_template}".encode()) for draft in drafts)
    if size > LARGEST:
        raise Invalid("sequence_too_large", f"All templates together have at most {LARGEST} bytes.", "steps")
    return tuple(
        Step(
            id=draft.id or context.new_id(),
            delay_hours=draft.delay_hours,
            subject_template=draft.subject_template,
            body_template=draft.body_template,
        )
        for draft in drafts
    )


def _check_delays(drafts: tuple[Draft, ...], delays_from: DelaysFrom) -> None:
    if not 0 < len(drafts) <= MOST_STEPS:
        raise Invalid("wrong_number_of_steps", f"A sequence has 1 to {MOST_STEPS} steps.", "steps")
    delays = [draft.delay_hours for draft in drafts]
    if min(delays) < 0:
        raise Invalid("wrong_delays", "A delay is not negative.", "steps")
    if delays_from == "started_at" and any(b <= a for a, b in pairwise(delays)):
        raise Invalid("wrong_delays", "Delays from the start grow from step to step.", "steps")
    if delays_from == "previous_sent" and 0 in delays[1:]:
        raise Invalid("wrong_delays", "Only the first step may follow at once.", "steps")


def _check_ids(drafts: tuple[Draft, ...], current: tuple[Step, ...]) -> None:
    given = [draft.id for draft in drafts if draft.id is not None]
    if len(set(given)) < len(given) or not {step.id for step in current}.issuperset(given):
        raise Invalid("unknown_step", "A step's id is one of the current edition, and stands once.", "steps")


def _listed(state: DunningSequence, sequence_id: str) -> Listing:
    summary = {
        "workspace_id": state.workspace_id,
        "name": state.name,
        "is_enabled": state.is_enabled,
        "edition": state.current.edition,
        "step_count": len(state.current.steps),
        "created_at": state.created_at.isoformat(),
        "updated_at": state.updated_at.isoformat(),
    }
    return Listing(collection=(f"DUNNING_SEQUENCES#{state.workspace_id}", sequence_id), summary=summary)


DUNNING_SEQUENCE = Decider[DunningSequence, CreateDunningSequence | Command, Event](
    name="dunning_sequence",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("dunning_sequence", Event),
    state=DunningSequence,
    listed=_listed,
)
