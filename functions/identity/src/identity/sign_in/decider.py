"""How a principal signs in: a stream beside the person or the business, under the same id."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, assert_never

from identity.sign_in.events import (
    Event,
    UserEmailChangeRequested,
    UserLocked,
    UserLoggedIn,
    UserLoginFailed,
    UserPasswordChanged,
    UserPasswordResetRequested,
    UserSignInPersonalDataErased,
    UserUnlocked,
    UserVerificationRequested,
)
from troupe.domain.decider import Context, Decider, Rejected, events_of
from troupe.domain.personal import Personal, blanked
from troupe.security.credential import Kind

LIMIT = 5  # wrong passwords from one address, within
LIMIT_OF_ALL = 50  # from all addresses together
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
PATIENCE = timedelta(seconds=60)  # between two mails of one kind

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChange:
    email: str
    at: datetime
    principal: Kind = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    last_login_at: datetime | None = None
    last_login_address: Annotated[str | None, Personal("principal", None)] = None
    attempts: int = 0  # of the last failure; none since a success
    locked_until: datetime | None = None
    locked_for_all: bool = False  # or for the address alone that the wrong passwords came from
    password_changed_at: datetime | None = None
    verification_requested_at: datetime | None = None
    password_reset_requested_at: datetime | None = None
    email_change: Annotated[EmailChange | None, Personal("principal", None)] = None

    def locked(self, now: datetime) -> bool:
        """Whether there is a lock, for whatever address."""
        return self.locked_until is not None and now < self.locked_until

    def locked_out(self, source_address: str, now: datetime) -> bool:
        """Whether a lock for all addresses holds for this one; that of the last sign-in is let through."""
        return self.locked_for_all and self.locked(now) and source_address != self.last_login_address


def begin(event: Event) -> SignIn:
    return evolve(SignIn(), event)


def evolve(state: SignIn, event: Event) -> SignIn:  # noqa: PLR0911 -- one line for each event
    match event:
        case UserLoggedIn():
            address = event.source_address
            return replace(state, last_login_at=event.at, last_login_address=address, attempts=0)
        case UserLoginFailed():
            return replace(state, attempts=event.attempt)
        case UserLocked():
            return replace(
                state, locked_until=event.until, attempts=event.attempts, locked_for_all=event.for_all
            )
        case UserUnlocked():
            return replace(state, locked_until=None, attempts=0, locked_for_all=False)
        case UserPasswordChanged():
            return replace(state, password_changed_at=event.at)
        case UserVerificationRequested():
            return replace(state, verification_requested_at=event.at)
        case UserPasswordResetRequested():
            return replace(state, password_reset_requested_at=event.at)
        case UserEmailChangeRequested():
            change = EmailChange(email=event.email, at=event.at, principal=event.principal)
            return replace(state, email_change=change)
        case UserSignInPersonalDataErased():
            return blanked(state)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """The password was right."""

    source_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailLogIn:
    """The password was wrong; it was that attempt of the window."""

    source_address: str
    attempt: int  # from this address
    of_all: int = 1  # from all addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """A new password. A reset by mail proves who the principal is, so it lifts a lock."""

    how: Literal["changed", "reset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestVerification:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPasswordReset:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmailChange:
    email: str
    principal: Kind = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseSignIn:
    """Forget where the principal signed in from, and which address was asked for."""


type Command = (
    LogIn
    | FailLogIn
    | Unlock
    | ChangePassword
    | RequestVerification
    | RequestPasswordReset
    | RequestEmailChange
    | EraseSignIn
)


def create(command: Command, context: Context) -> tuple[Event, ...]:
    return decide(command, SignIn(), context)


def decide(command: Command, state: SignIn, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each command
    now = context.now
    match command:
        case LogIn():
            return _log_in(command, state, now)
        case FailLogIn():
            return _fail(command, state, now)
        case Unlock():
            return (UserUnlocked(reason="lifted", by=context.actor),) if state.locked_until else ()
        case ChangePassword():
            return _change_password(command, state, now)
        case RequestVerification():
            soon = _lately(state.verification_requested_at, now)
            return () if soon else (UserVerificationRequested(at=now),)
        case RequestPasswordReset():
            soon = _lately(state.password_reset_requested_at, now)
            return () if soon else (UserPasswordResetRequested(at=now),)
        case RequestEmailChange():
            return _request_email_change(command, state, now)
        case EraseSignIn():
            return (UserSignInPersonalDataErased(erased_at=now),) if blanked(state) != state else ()
        case _:
            assert_never(command)


def _log_in(command: LogIn, state: SignIn, now: datetime) -> tuple[Event, ...]:
    if state.locked_out(command.source_address, now):
        raise Rejected("account_locked", "Too many wrong passwords; wait, or have the lock lifted.")
    logged_in = UserLoggedIn(source_address=command.source_address, at=now)
    return (*_expired(state, now), logged_in)


def _fail(command: FailLogIn, state: SignIn, now: datetime) -> tuple[Event, ...]:
    """Attempts that were spent at the same time may come in any order: each is told, the lock once."""
    failed = UserLoginFailed(source_address=command.source_address, attempt=command.attempt, at=now)
    return (*_expired(state, now), failed, *_lock(command, state, now))


def _lock(command: FailLogIn, state: SignIn, now: datetime) -> tuple[Event, ...]:
    """The lock for all addresses, or for the one that the attempts came from, unless it is told already."""
    until, locked = now + LOCKED_FOR, state.locked(now)
    if command.of_all >= LIMIT_OF_ALL and not (locked and state.locked_for_all):
        return (UserLocked(until=until, attempts=command.of_all),)
    if command.attempt >= LIMIT and not locked:
        return (UserLocked(until=until, attempts=command.attempt, for_all=False),)
    return ()


def _change_password(command: ChangePassword, state: SignIn, now: datetime) -> tuple[Event, ...]:
    changed = UserPasswordChanged(how=command.how, at=now)
    lifts = command.how == "reset" and state.locked_until
    return (changed, UserUnlocked(reason="password_reset")) if lifts else (changed,)


def _request_email_change(command: RequestEmailChange, state: SignIn, now: datetime) -> tuple[Event, ...]:
    last = state.email_change
    if last is None or not _lately(last.at, now):
        return (UserEmailChangeRequested(email=command.email, at=now, principal=command.principal),)
    if last.email == command.email:
        return ()
    raise Rejected("requested_too_soon", "Wait a minute before you name another address.")


def _expired(state: SignIn, now: datetime) -> tuple[Event, ...]:
    over = state.locked_until is not None and not state.locked(now)
    return (UserUnlocked(reason="expired"),) if over else ()


def _lately(last: datetime | None, now: datetime) -> bool:
    return last is not None and now - last < PATIENCE


def _subjects(state: SignIn, principal_id: str) -> dict[str, str]:
    kind = state.email_change.principal if state.email_change else "user"
    return {"principal": f"{kind}:{principal_id}"}


SIGN_IN = Decider[SignIn, Command, Event](
    name="sign_in",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("user", Event),
    state=SignIn,
    shape=2,
    subjects=_subjects,
)
