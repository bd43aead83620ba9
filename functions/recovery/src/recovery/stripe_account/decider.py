"""A connected Stripe account: one business's account at Stripe, in the hands of one workspace.

It is `connected` or `disconnected`. Once Stripe itself has ended the connection it is released: another
workspace may have it then. The workspace that had it can connect it again at any time before that.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID, uuid5

from troupe.domain.decider import COPIES, Context, Decider, Listing, events_of

type Reason = Literal["requested", "deauthorized"]
type Status = Literal["connected", "disconnected"]

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccountConnected:
    workspace_id: str
    stripe_account_id: str  # Stripe's, as in acct_...
    livemode: bool
    scopes: tuple[str, ...]  # sorted
    connected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccountReconnected:
    """Connected again, or with other scopes; what waited for it goes on."""

    workspace_id: str
    stripe_account_id: str
    livemode: bool
    scopes: tuple[str, ...]  # sorted
    connected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccountDisconnected:
    """Nothing is charged, asked or mailed in its name any more: by us (requested), or by them at Stripe."""

    workspace_id: str
    stripe_account_id: str
    reason: Reason
    disconnected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccountReleased:
    """Stripe has ended the connection too: another workspace may connect the account."""

    stripe_account_id: str
    released_at: datetime


type Event = (
    StripeAccountConnected | StripeAccountReconnected | StripeAccountDisconnected | StripeAccountReleased
)

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeAccount:
    workspace_id: str
    stripe_account_id: str
    livemode: bool
    scopes: tuple[str, ...]
    connected_at: datetime
    disconnected_at: datetime | None = None
    disconnected_reason: Reason | None = None
    released_at: datetime | None = None
    state: Literal["account"] = "account"

    @property
    def status(self) -> Status:
        return "connected" if self.disconnected_at is None else "disconnected"


def begin(event: StripeAccountConnected | StripeAccountReconnected) -> StripeAccount:
    return StripeAccount(
        workspace_id=event.workspace_id,
        stripe_account_id=event.stripe_account_id,
        livemode=event.livemode,
        scopes=event.scopes,
        connected_at=event.connected_at,
    )


def evolve(state: StripeAccount, event: StripeAccountDisconnected | StripeAccountReleased) -> StripeAccount:
    match event:
        case StripeAccountDisconnected(disconnected_at=at, reason=reason):
            return replace(state, disconnected_at=at, disconnected_reason=reason)
        case StripeAccountReleased(released_at=at):
            return replace(state, released_at=at)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectStripeAccount:
    """`scopes` in any order."""

    workspace_id: str
    stripe_account_id: str
    livemode: bool
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisconnectStripeAccount:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStripeAccount:
    """Stripe has carried out our deauthorization of the connection that ended at `disconnected_at`."""

    disconnected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDeauthorization:
    """Stripe says that the connection was ended at `at` (whole seconds), by whomever."""

    at: datetime


type Command = ConnectStripeAccount | DisconnectStripeAccount | ReleaseStripeAccount | NoteDeauthorization


def id_of(workspace_id: str, stripe_account_id: str) -> str:
    """The id of an account in a workspace: always the same, so that connecting again needs no search."""
    return str(uuid5(UUID(workspace_id), stripe_account_id))


def create(command: ConnectStripeAccount, context: Context) -> tuple[Event, ...]:
    return (_connected(StripeAccountConnected, command, context),)


def decide(command: Command, state: StripeAccount, context: Context) -> tuple[Event, ...]:
    match command:
        case ConnectStripeAccount():
            connected = _connected(StripeAccountReconnected, command, context)
            same = (state.livemode, state.scopes) == (connected.livemode, connected.scopes)
            return () if same and state.status == "connected" else (connected,)
        case DisconnectStripeAccount():
            at = context.now
            return (_disconnected(state, "requested", at),) if state.status == "connected" else ()
        case ReleaseStripeAccount(disconnected_at=at):
            waits = state.disconnected_at == at and state.released_at is None
            return (_released(state, context.now),) if waits else ()
        case NoteDeauthorization(at=at):
            return _deauthorized(state, at)
        case _:
            assert_never(command)


def _connected[Connected: (StripeAccountConnected, StripeAccountReconnected)](
    shape: type[Connected], command: ConnectStripeAccount, context: Context
) -> Connected:
    return shape(
        workspace_id=command.workspace_id,
        stripe_account_id=command.stripe_account_id,
        livemode=command.livemode,
        scopes=tuple(sorted(set(command.scopes))),
        connected_at=context.now,
    )


def _deauthorized(state: StripeAccount, at: datetime) -> tuple[Event, ...]:
    """Late news of a connection that was ended before this one began says nothing of this one."""
    if state.released_at is not None or at < state.connected_at.replace(microsecond=0):
        return ()
    at = max(at, state.connected_at)  # which has fractions of the second
    told = _released(state, at)
    return (told,) if state.status == "disconnected" else (_disconnected(state, "deauthorized", at), told)


def _disconnected(state: StripeAccount, reason: Reason, at: datetime) -> Event:
    return StripeAccountDisconnected(
        workspace_id=state.workspace_id,
        stripe_account_id=state.stripe_account_id,
        reason=reason,
        disconnected_at=at,
    )


def _released(state: StripeAccount, at: datetime) -> Event:
    return StripeAccountReleased(stripe_account_id=state.stripe_account_id, released_at=at)


def _listed(state: StripeAccount, account_id: str) -> Listing:
    ended = state.disconnected_at
    summary = {
        "workspace_id": state.workspace_id,
        "stripe_account_id": state.stripe_account_id,
        "livemode": state.livemode,
        "scopes": list(state.scopes),
        "connected_at": state.connected_at.isoformat(),
        "disconnected_at": ended and ended.isoformat(),
        "disconnected_reason": state.disconnected_reason,
    }
    return Listing(collection=(f"STRIPE_ACCOUNTS#{state.workspace_id}", account_id), summary=summary)


STRIPE_ACCOUNT = Decider[StripeAccount, Command, Event](
    name="stripe_account",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("stripe_account", Event),
    state=StripeAccount,
    listed=_listed,
    copies=COPIES,
)
