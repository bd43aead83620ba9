"""What community reads of other contexts' events: no more than it needs, the rest is left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    display_name: str
    avatar_url: str | None = None
    birth_date: date | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What identity lets a person do in communities, and how much of it."""

    can_post: bool = True
    can_comment: bool = True
    can_create_communities: bool = False
    max_communities: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreated:
    """`user.created` of identity."""

    kind: str
    profile: Profile
    permissions: Allowances = field(default_factory=Allowances)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProfileUpdated:
    """`user.profile_updated` of identity: the whole profile as it is now."""

    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPromoted:
    """`user.promoted` of identity: a leader from now on."""

    permissions: Allowances


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRestored:
    """`user.restored` of identity: back to what they were before the deletion."""

    status: str


_CREATED, _UPDATED = TypeAdapter(UserCreated), TypeAdapter(UserProfileUpdated)
_PROMOTED, _RESTORED = TypeAdapter(UserPromoted), TypeAdapter(UserRestored)


def user_created(data: Mapping[str, Any]) -> UserCreated:
    """Raises where a field is missing, as the next ones do: such an event goes to the dead letters."""
    return _CREATED.validate_python(dict(data))


def user_profile_updated(data: Mapping[str, Any]) -> UserProfileUpdated:
    return _UPDATED.validate_python(dict(data))


def user_promoted(data: Mapping[str, Any]) -> UserPromoted:
    return _PROMOTED.validate_python(dict(data))


def user_restored(data: Mapping[str, Any]) -> UserRestored:
    return _RESTORED.validate_python(dict(data))
