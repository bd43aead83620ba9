"""What may be asked of a user."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from identity.user.events import Business, EmailPreferences, Kind, Profile
from troupe.domain.limits import Reason


class ProfileChanges(TypedDict, total=False):
    """The parts of a profile that change; what is not in it stays."""

    display_name: str
    avatar_url: str | None
    bio: str | None
    birth_date: date | None
    country: str | None
    business: Business | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """A person signs up, or is invited as staff."""

    kind: Kind
    email: str
    profile: Profile
    roles: tuple[str, ...]
    invited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyUser:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProfile:
    changes: ProfileChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEmailPreferences:
    email_preferences: EmailPreferences


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEmail:
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoteToLeader:
    business: Business


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendUser:
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateUser:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteUser:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseUser:
    """Delete the person and destroy the key of their personal data: it cannot be undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireUser:
    """The time to prove the address is up, or it is `overtaken`: another account has proved it."""

    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreUser:
    """`own_roles` are those that the tenant has now: one that is gone does not come back with the person."""

    own_roles: AbstractSet[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRole:
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToOrganization:
    organization_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFromOrganization:
    organization_id: str


type Command = (
    VerifyUser
    | UpdateProfile
    | UpdateEmailPreferences
    | ChangeEmail
    | PromoteToLeader
    | SuspendUser
    | ReactivateUser
    | DeleteUser
    | EraseUser
    | ExpireUser
    | RestoreUser
    | AssignRole
    | RevokeRole
    | AddToOrganization
    | RemoveFromOrganization
)
