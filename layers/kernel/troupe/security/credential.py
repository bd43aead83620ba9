"""A credential: how a person, a supplier or an operator signs in, and what it may be used for.

It is committed in the transaction that creates a principal. The password's hash is not in it, nor in its
events: it is in an item beside it (`keys.part(..., PASSWORD)`), so that no event, history or bus ever
carries it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

from troupe.domain.decider import Context, Decider, Listing, events_of
from troupe.domain.lifecycle import Transitions
from troupe.domain.personal import Personal, blanked

PASSWORD = "PASSWORD"  # noqa: S105 -- the name of the item that holds the hash
PROVE_WITHIN = timedelta(days=7)  # the owner of an address; then a pending principal ends

type Kind = Literal["user", "supplier", "operator"]
type Status = Literal["pending", "active", "suspended", "closed"]

TRANSITIONS = Transitions[Status](
    {
        "pending": frozenset({"active", "closed"}),
        "active": frozenset({"suspended", "closed"}),
        "suspended": frozenset({"active", "closed"}),
        "closed": frozenset({"pending", "active", "suspended"}),
    }
)

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialOpened:
    kind: Kind
    email: Annotated[str, Personal("principal")]
    status: Status
    roles: tuple[str, ...]
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialStatusChanged:
    was: Status
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRolesChanged:
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialEmailChanged:
    email: Annotated[str, Personal("principal")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPasswordChanged:
    """Every session ends with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialPersonalDataErased:
    """It is closed, and has no address any more."""


type Change = (
    CredentialStatusChanged
    | CredentialRolesChanged
    | CredentialEmailChanged
    | CredentialPasswordChanged
    | CredentialPersonalDataErased
)
type Event = CredentialOpened | Change

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """`epoch` ends sessions: a token of an earlier one is refused.

    `password_version` makes links single-use.
    """

    kind: Kind
    email: Annotated[str, Personal("principal")]
    status: Status
    roles: tuple[str, ...]
    opened_at: datetime
    epoch: int = 0
    password_version: int = 0
    state: Literal["open"] = "open"


def begin(event: CredentialOpened) -> Credential:
    return Credential(
        kind=event.kind,
        email=event.email,
        status=event.status,
        roles=event.roles,
        opened_at=event.opened_at,
    )


def evolve(state: Credential, event: Change) -> Credential:
    match event:
        case CredentialStatusChanged():
            ends = event.status in {"suspended", "closed"}
            return replace(state, status=event.status, epoch=state.epoch + ends)
        case CredentialRolesChanged():
            return replace(state, roles=event.roles)
        case CredentialEmailChanged():
            return replace(state, email=event.email)
        case CredentialPasswordChanged():
            return replace(state, epoch=state.epoch + 1, password_version=state.password_version + 1)
        case CredentialPersonalDataErased():
            return blanked(state)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCredential:
    kind: Kind
    email: str
    status: Status
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCredential:
    """Bring it to the status that its principal has."""

    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoles:
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEmail:
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """The password was changed; its hash is written beside, in the same transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCredential:
    """Close it and forget the address."""


type Command = MoveCredential | SetRoles | SetEmail | SetPassword | EraseCredential


def create(command: OpenCredential, context: Context) -> tuple[Event, ...]:
    opened = CredentialOpened(
        kind=command.kind,
        email=command.email,
        status=command.status,
        roles=command.roles,
        opened_at=context.now,
    )
    return (opened,)


def decide(command: Command, state: Credential, _context: Context) -> tuple[Event, ...]:
    match command:
        case MoveCredential():
            if command.status == state.status:
                return ()
            TRANSITIONS.check(state.status, command.status)
            return (CredentialStatusChanged(was=state.status, status=command.status),)
        case SetRoles():
            return () if command.roles == state.roles else (CredentialRolesChanged(roles=command.roles),)
        case SetEmail():
            return () if command.email == state.email else (CredentialEmailChanged(email=command.email),)
        case SetPassword():
            return (CredentialPasswordChanged(),)
        case EraseCredential():
            return _erase(state)
        case _:
            assert_never(command)


def _erase(state: Credential) -> tuple[Event, ...]:
    if not state.email:
        return ()
    closing = CredentialStatusChanged(was=state.status, status="closed")
    return (*(() if state.status == "closed" else (closing,)), CredentialPersonalDataErased())


def _listed(state: Credential, _id: str) -> Listing:
    """A principal who never proves the address ends by itself: its context sweeps it."""
    if state.status != "pending":
        return Listing()
    return Listing(due=(f"pending_{state.kind}", state.opened_at + PROVE_WITHIN))


CREDENTIAL = Decider[Credential, OpenCredential | Command, Event](
    name="credential",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("credential", Event),
    state=Credential,
    subjects=lambda state, principal_id: {"principal": f"{state.kind}:{principal_id}"},
    listed=_listed,
)
