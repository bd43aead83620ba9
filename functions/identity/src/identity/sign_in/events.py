"""What happens when a principal signs in, or fails to. Events are stored for ever: never rename one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from troupe.domain.personal import Personal
from troupe.security.credential import Kind

# A new field has a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLoggedIn:
    source_address: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLoginFailed:
    source_address: str
    attempt: int  # of how many the limit allows
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLocked:
    until: datetime
    attempts: int
    for_all: bool = True  # for every address but that of the last sign-in; else for the one they came from


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUnlocked:
    reason: Literal["expired", "lifted", "password_reset"]
    by: str | None = None  # who lifted it


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPasswordChanged:
    how: Literal["changed", "reset"]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserVerificationRequested:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPasswordResetRequested:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEmailChangeRequested:
    email: Annotated[str, Personal("principal")]  # the new address, which has yet to be confirmed
    at: datetime
    principal: Kind = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSignInPersonalDataErased:
    erased_at: datetime


type Event = (
    UserLoggedIn
    | UserLoginFailed
    | UserLocked
    | UserUnlocked
    | UserPasswordChanged
    | UserVerificationRequested
    | UserPasswordResetRequested
    | UserEmailChangeRequested
    | UserSignInPersonalDataErased
)
