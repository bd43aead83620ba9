"""A workspace: where a tenant wins back one business's failed payments, with its zone, owner and settings."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypedDict, assert_never

from recovery.workspace.settings import Settings, SettingsChanges
from troupe.domain.decider import COPIES, Context, Decider, Listing, events_of

type BillingPlan = Literal["starter", "pro", "growth"]  # a label of the workspace's own: it grants nothing

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceCreated:
    name: str
    owner_user_id: str
    timezone: str
    billing_plan: BillingPlan
    settings: Settings
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceUpdated:
    """The workspace as it is now, so that a reader needs nothing of before."""

    name: str
    owner_user_id: str
    timezone: str
    billing_plan: BillingPlan
    settings: Settings
    default_sequence_id: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceDeactivated:
    """No mail is sent and no card charged for its attempts until it is reactivated."""

    deactivated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceReactivated:
    reactivated_at: datetime


type Event = WorkspaceCreated | WorkspaceUpdated | WorkspaceDeactivated | WorkspaceReactivated

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`default_sequence_id`: what new attempts go by, if it is enabled; otherwise they send no mails."""

    name: str
    owner_user_id: str
    timezone: str
    billing_plan: BillingPlan
    created_at: datetime
    updated_at: datetime
    settings: Settings = field(default_factory=Settings)
    default_sequence_id: str | None = None
    is_active: bool = True
    state: Literal["workspace"] = "workspace"


def begin(event: WorkspaceCreated) -> Workspace:
    return Workspace(
        name=event.name,
        owner_user_id=event.owner_user_id,
        timezone=event.timezone,
        billing_plan=event.billing_plan,
        settings=event.settings,
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def evolve(
    state: Workspace, event: WorkspaceUpdated | WorkspaceDeactivated | WorkspaceReactivated
) -> Workspace:
    match event:
        case WorkspaceUpdated():
            return _updated(state, event)
        case WorkspaceDeactivated(deactivated_at=at):
            return replace(state, is_active=False, updated_at=at)
        case WorkspaceReactivated(reactivated_at=at):
            return replace(state, is_active=True, updated_at=at)
        case _:
            assert_never(event)


def _updated(state: Workspace, event: WorkspaceUpdated) -> Workspace:
    return replace(
        state,
        name=event.name,
        owner_user_id=event.owner_user_id,
        timezone=event.timezone,
        billing_plan=event.billing_plan,
        settings=event.settings,
        default_sequence_id=event.default_sequence_id,
        updated_at=event.updated_at,
    )


# Commands.


class WorkspaceChanges(TypedDict, total=False):
    """The parts of a workspace that change; what is not in it stays."""

    name: str
    owner_user_id: str
    timezone: str
    billing_plan: BillingPlan
    default_sequence_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateWorkspace:
    name: str
    owner_user_id: str
    timezone: str = "UTC"
    billing_plan: BillingPlan = "starter"
    settings: SettingsChanges = field(default_factory=SettingsChanges)  # of the defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWorkspace:
    changes: WorkspaceChanges = field(default_factory=WorkspaceChanges)
    settings: SettingsChanges = field(default_factory=SettingsChanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptSequence:
    """A sequence was created: it becomes the default where there is none."""

    sequence_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivateWorkspace:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateWorkspace:
    pass


type Command = UpdateWorkspace | AdoptSequence | DeactivateWorkspace | ReactivateWorkspace


def create(command: CreateWorkspace, context: Context) -> tuple[Event, ...]:
    created = WorkspaceCreated(
        name=command.name,
        owner_user_id=command.owner_user_id,
        timezone=command.timezone,
        billing_plan=command.billing_plan,
        settings=replace(Settings(), **command.settings),
        created_at=context.now,
    )
    return (created,)


def decide(command: Command, state: Workspace, context: Context) -> tuple[Event, ...]:
    match command:
        case UpdateWorkspace():
            settings = replace(state.settings, **command.settings)
            return _change(state, replace(state, **command.changes, settings=settings), context)
        case AdoptSequence(sequence_id=sequence_id):
            adopted = state.default_sequence_id or sequence_id
            return _change(state, replace(state, default_sequence_id=adopted), context)
        case DeactivateWorkspace():
            return (WorkspaceDeactivated(deactivated_at=context.now),) if state.is_active else ()
        case ReactivateWorkspace():
            return () if state.is_active else (WorkspaceReactivated(reactivated_at=context.now),)
        case _:
            assert_never(command)


def _change(was: Workspace, now: Workspace, context: Context) -> tuple[Event, ...]:
    if now == was:
        return ()
    updated = WorkspaceUpdated(
        name=now.name,
        owner_user_id=now.owner_user_id,
        timezone=now.timezone,
        billing_plan=now.billing_plan,
        settings=now.settings,
        default_sequence_id=now.default_sequence_id,
        updated_at=context.now,
    )
    return (updated,)


def _listed(state: Workspace, workspace_id: str) -> Listing:
    summary = {
        "name": state.name,
        "owner_user_id": state.owner_user_id,
        "timezone": state.timezone,
        "billing_plan": state.billing_plan,
        "is_active": state.is_active,
        "created_at": state.created_at.isoformat(),
        "updated_at": state.updated_at.isoformat(),
    }
    return Listing(collection=("WORKSPACES", workspace_id), summary=summary)


WORKSPACE = Decider[Workspace, CreateWorkspace | Command, Event](
    name="workspace",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("workspace", Event),
    state=Workspace,
    listed=_listed,
    copies=COPIES,
)
