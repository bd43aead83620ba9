"""A staff member: a person who works for the tenant, and was invited by a user instead of signing up.

What the person may do stands with the user and the credential; this stream tells of coming and going.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from troupe.domain.decider import Context, Decider, Rejected, events_of
from troupe.domain.personal import Personal

type Status = Literal["let_in", "deactivated"]

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUserCreated:
    """`by` is the principal who invited; the first owner came alone."""

    email: Annotated[str, Personal("user")]
    name: Annotated[str, Personal("user")]
    roles: tuple[str, ...]
    organizations: tuple[str, ...]
    by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantUserDeactivated:
    reason: Annotated[str, Personal("user")]
    by: str
    deactivated_at: datetime


type Event = TenantUserCreated | TenantUserDeactivated

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    status: Status
    by: str  # the last one who let in or put out
    state: Literal["staff"] = "staff"


def begin(event: TenantUserCreated) -> Staff:
    return Staff(status="let_in", by=event.by)


def evolve(state: Staff, event: TenantUserDeactivated) -> Staff:
    return replace(state, status="deactivated", by=event.by)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStaff:
    email: str
    name: str
    roles: tuple[str, ...]
    organizations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deactivate:
    """`has_access`: the person could get in until now, be it that a former deactivation was lifted."""

    reason: str
    has_access: bool


type Command = AddStaff | Deactivate


def create(command: Command, context: Context) -> tuple[Event, ...]:
    if isinstance(command, Deactivate):
        raise Rejected("not_staff", "Only a staff member is deactivated.")
    created = TenantUserCreated(
        email=command.email,
        name=command.name,
        roles=command.roles,
        organizations=command.organizations,
        by=context.actor,
        created_at=context.now,
    )
    return (created,)


def decide(command: Deactivate, state: Staff, context: Context) -> tuple[Event, ...]:
    if state.status == "deactivated" and not command.has_access:
        return ()
    gone = TenantUserDeactivated(reason=command.reason, by=context.actor, deactivated_at=context.now)
    return (gone,)


STAFF = Decider[Staff, Command, Event](
    name="staff",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("tenant", Event),
    state=Staff,
    subjects=lambda _state, user_id: {"user": f"user:{user_id}"},
)
