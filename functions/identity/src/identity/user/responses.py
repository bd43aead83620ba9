"""What is answered about people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from identity.user.cards import PRIVATE, SPENT
from identity.user.events import EmailPreferences, Kind, Permissions, Profile, Status


class Money(BaseModel, frozen=True):
    amount_cents: int
    currency: str


class Stats(BaseModel, frozen=True):
    """A person in numbers. Only that person and account inspectors see the orders and spending."""

    followers: int = 0
    following: int = 0
    communities: int = 0
    orders: int | None = None
    spending: tuple[Money, ...] | None = None


class Security(BaseModel, frozen=True):
    last_login_at: datetime | None
    last_login_address: str | None
    failed_attempts: int
    locked_until: datetime | None


class Account(BaseModel, frozen=True):
    """A person as the tenant's staff sees them."""

    id: str
    status: Status
    kind: Kind
    email: str
    profile: Profile
    email_preferences: EmailPreferences
    roles: tuple[str, ...]
    limits: Permissions
    organizations: tuple[str, ...]
    created_at: datetime
    suspended_reason: str | None
    security: Security


class Me(BaseModel, frozen=True):
    """Who is signed in, and what they may do. What only people have is null for suppliers and operators."""

    id: str
    principal: str  # user, supplier or operator
    tenant_id: str
    status: str
    email: str
    kind: Kind | None = None
    profile: Profile | None = None
    email_preferences: EmailPreferences | None = None
    roles: tuple[str, ...]
    permissions: tuple[str, ...]  # what all roles allow together
    limits: Permissions | None = None
    organizations: tuple[str, ...] = ()
    created_at: datetime
    security: Security
    stats: Stats | None = None


class PersonRow(BaseModel, frozen=True):
    id: str
    display_name: str
    avatar_url: str | None = None
    kind: Kind
    status: Status
    email: str


class CardView(BaseModel, frozen=True):
    """A person as all principals of the tenant see them."""

    id: str
    display_name: str
    avatar_url: str | None
    bio: str | None
    country: str | None
    kind: Kind
    status: Status
    since: datetime
    business_name: str | None
    stats: Stats


class FollowRow(BaseModel, frozen=True):
    """The other person of a follow, by the name and picture of the day on which it began."""

    id: str
    display_name: str
    avatar_url: str | None = None
    since: datetime


def stats(row: Mapping[str, Any], *, private: bool) -> Stats:
    """The numbers on a card's row."""
    shared = {name: row.get(name, 0) for name in ("followers", "following", "communities")}
    if not private:
        return Stats(**shared)
    spending = tuple(
        Money(amount_cents=row[name], currency=name.removeprefix(SPENT))
        for name in sorted(row)
        if name.startswith(SPENT)
    )
    shared["communities"] += row.get(f"{PRIVATE}communities", 0)
    return Stats(**shared, orders=row.get("orders", 0), spending=spending)
