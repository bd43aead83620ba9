"""An API key: a service principal of a tenant, for programs that call the API.

Its secrets are in none of its events: their hashes stand in the item that the authorizer reads.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, assert_never

from troupe.domain.decider import Context, Decider, Invalid, Listing, Rejected, events_of
from troupe.security.roles import NAMES, OPERATOR_ONLY

LONGEST_OVERLAP = timedelta(days=7)

# What a person does as oneself, and what makes or ends keys.
PEOPLE_ONLY = frozenset(
    {
        "api_key:create",
        "api_key:revoke",
        "api_key:rotate",
        "comment:create",
        "community:create",
        "community:join",
        "community:leave",
        "global_distribution:request",
        "order:pay",
        "order:place",
        "order:request_return",
        "post:create",
        "post:edit",
        "post:react",
        "post:vote",
        "report:create",
        "supplier:rate",
        "user:follow",
    }
)
FOR_KEYS = NAMES - OPERATOR_ONLY - PEOPLE_ONLY

# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreated:
    name: str
    permissions: tuple[str, ...]  # sorted
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRotated:
    """It has another secret; the one before is good until `former_until`."""

    rotated_at: datetime
    former_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked:
    revoked_at: datetime


type Event = ApiKeyCreated | ApiKeyRotated | ApiKeyRevoked

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    name: str
    permissions: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    rotated_at: datetime | None = None
    former_until: datetime | None = None
    revoked_at: datetime | None = None
    state: Literal["api_key"] = "api_key"


def begin(event: ApiKeyCreated) -> ApiKey:
    return ApiKey(
        name=event.name,
        permissions=event.permissions,
        created_at=event.created_at,
        created_by=event.created_by,
        expires_at=event.expires_at,
    )


def evolve(state: ApiKey, event: ApiKeyRotated | ApiKeyRevoked) -> ApiKey:
    match event:
        case ApiKeyRotated():
            return replace(state, rotated_at=event.rotated_at, former_until=event.former_until)
        case ApiKeyRevoked():
            return replace(state, revoked_at=event.revoked_at, former_until=None)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiKey:
    name: str
    permissions: tuple[str, ...]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateApiKey:
    """`overlap`: how long the former secret stays good."""

    overlap: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeApiKey:
    pass


type Command = RotateApiKey | RevokeApiKey


def create(command: CreateApiKey, context: Context) -> tuple[Event, ...]:
    if command.expires_at is not None and command.expires_at <= context.now:
        raise Invalid("expiry_in_the_past", "Give an instant that is still to come.", "expires_at")
    created = ApiKeyCreated(
        name=command.name,
        permissions=_for_keys(command.permissions),
        created_at=context.now,
        created_by=context.actor,
        expires_at=command.expires_at,
    )
    return (created,)


def decide(command: Command, state: ApiKey, context: Context) -> tuple[Event, ...]:
    match command:
        case RevokeApiKey():
            return () if state.revoked_at else (ApiKeyRevoked(revoked_at=context.now),)
        case RotateApiKey() if state.revoked_at:
            raise Rejected("api_key_revoked", "A revoked key stays revoked; make another.")
        case RotateApiKey() if state.expires_at and state.expires_at <= context.now:
            raise Rejected("api_key_expired", "The key has expired; make another.")
        case RotateApiKey():
            overlap = min(command.overlap, LONGEST_OVERLAP)
            return (ApiKeyRotated(rotated_at=context.now, former_until=context.now + overlap),)
        case _:
            assert_never(command)


def _for_keys(permissions: tuple[str, ...]) -> tuple[str, ...]:
    """The permissions in order and once each, if all of them are ones that a program may have."""
    if unknown := sorted(set(permissions) - FOR_KEYS):
        told = f"A key cannot have {', '.join(unknown)}."
        raise Invalid("unknown_permission", told, "permissions")
    return tuple(sorted(set(permissions)))


def _listed(state: ApiKey, key_id: str) -> Listing:
    """Revoked keys stay in the list: histories name them."""
    return Listing(
        collection=("API_KEYS", key_id),
        summary={
            "name": state.name,
            "permissions": list(state.permissions),
            "created_at": state.created_at.isoformat(),
            "created_by": state.created_by,
            "expires_at": state.expires_at and state.expires_at.isoformat(),
            "rotated_at": state.rotated_at and state.rotated_at.isoformat(),
            "former_until": state.former_until and state.former_until.isoformat(),
            "revoked_at": state.revoked_at and state.revoked_at.isoformat(),
        },
    )


API_KEY = Decider[ApiKey, CreateApiKey | Command, Event](
    name="api_key",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("api_key", Event),
    state=ApiKey,
    listed=_listed,
)
