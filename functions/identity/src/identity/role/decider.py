"""A role of a tenant's own: a name for a set of permissions, which people can be given."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypedDict, assert_never

from troupe.domain.decider import COPIES, Context, Decider, Invalid, Listing, Rejected, events_of
from troupe.security.roles import BUILT_IN, NAMES, OPERATOR_ONLY

GRANTABLE = NAMES - OPERATOR_ONLY

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCreated:
    name: str
    description: str | None
    permissions: tuple[str, ...]  # sorted
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleUpdated:
    """The role as it is now, so that a reader needs nothing of before."""

    name: str
    description: str | None
    permissions: tuple[str, ...]  # sorted
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDeleted:
    deleted_at: datetime


type Event = RoleCreated | RoleUpdated | RoleDeleted

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    name: str
    description: str | None
    permissions: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    state: Literal["role"] = "role"


def begin(event: RoleCreated) -> Role:
    return Role(
        name=event.name,
        description=event.description,
        permissions=event.permissions,
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def evolve(state: Role, event: RoleUpdated | RoleDeleted) -> Role:
    match event:
        case RoleUpdated():
            return replace(
                state,
                name=event.name,
                description=event.description,
                permissions=event.permissions,
                updated_at=event.updated_at,
            )
        case RoleDeleted():
            return replace(state, deleted_at=event.deleted_at)
        case _:
            assert_never(event)


# Commands.


class RoleChanges(TypedDict, total=False):
    """The parts of a role that change; what is not in it stays."""

    name: str
    description: str | None
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRole:
    name: str
    description: str | None
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRole:
    changes: RoleChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRole:
    pass


type Command = UpdateRole | DeleteRole


def create(command: CreateRole, context: Context) -> tuple[Event, ...]:
    created = RoleCreated(
        name=_free(command.name),
        description=command.description,
        permissions=_known(command.permissions),
        created_at=context.now,
    )
    return (created,)


def decide(command: Command, state: Role, context: Context) -> tuple[Event, ...]:
    match command:
        case DeleteRole():
            return () if state.deleted_at else (RoleDeleted(deleted_at=context.now),)
        case UpdateRole() if state.deleted_at:
            raise Rejected("role_deleted", "A deleted role stays deleted; make another.")
        case UpdateRole():
            return _update(command, state, context)
        case _:
            assert_never(command)


def _update(command: UpdateRole, state: Role, context: Context) -> tuple[Event, ...]:
    changed = replace(state, **command.changes)
    changed = replace(changed, name=_free(changed.name), permissions=_known(changed.permissions))
    if changed == state:
        return ()
    updated = RoleUpdated(
        name=changed.name,
        description=changed.description,
        permissions=changed.permissions,
        updated_at=context.now,
    )
    return (updated,)


def _free(name: str) -> str:
    if name.casefold() in BUILT_IN:
        raise Rejected("role_name_taken", "That is the name of a role that every tenant has.")
    return name


def _known(permissions: tuple[str, ...]) -> tuple[str, ...]:
    """The permissions in order and once each, if all of them are in the catalogue and a tenant's to give."""
    unknown = sorted(set(permissions) - GRANTABLE)
    if unknown:
        raise Invalid("unknown_permission", f"Not a tenant's to give: {', '.join(unknown)}.", "permissions")
    return tuple(sorted(set(permissions)))


def _listed(state: Role, role_id: str) -> Listing:
    if state.deleted_at:
        return Listing()
    return Listing(
        collection=("ROLES", role_id),
        summary={
            "name": state.name,
            "description": state.description,
            "permissions": list(state.permissions),
        },
    )


ROLE = Decider[Role, CreateRole | Command, Event](
    name="role",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("role", Event),
    state=Role,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
    copies=COPIES,
)
