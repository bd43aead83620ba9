"""What happens to a user, and the values that its events carry. Events are stored for ever."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from troupe.domain.personal import Personal

type Status = Literal["pending", "active", "suspended", "deleted"]
type Kind = Literal["consumer", "leader", "staff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """What a leader adds, to be paid: the business behind the name."""

    name: str
    tax_id: str | None = None
    website_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    display_name: str
    avatar_url: str | None = None
    bio: str | None = None
    birth_date: date | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    business: Business | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailPreferences:
    """What a person wants mail about; security and receipts are always sent."""

    product_news: bool = False
    promotions: bool = False
    community_digest: bool = True
    new_followers: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What a person may do in communities, and how much of it (social commerce, 4.1)."""

    can_post: bool = True
    can_comment: bool = True
    can_create_communities: bool = False
    max_communities: int = 0


LEADER = Permissions(can_create_communities=True, max_communities=5)

NO_BUSINESS = Business(name="")


def nameless(profile: Profile) -> Profile:
    """The profile of a person whose data was erased; a leader remains one."""
    return Profile(display_name="", business=profile.business and NO_BUSINESS)


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreated:
    kind: Kind
    email: Annotated[str, Personal("user")]
    profile: Annotated[Profile, Personal("user", nameless)]
    roles: tuple[str, ...]
    created_at: datetime
    invited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserVerified:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UserProfileUpdated:
    """The whole profile as it is now, so that a reader needs no former one."""

    profile: Annotated[Profile, Personal("user", nameless)]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEmailPreferencesUpdated:
    email_preferences: EmailPreferences


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEmailChanged:
    email: Annotated[str, Personal("user")]
    former_email: Annotated[str, Personal("user")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPromoted:
    business: Annotated[Business, Personal("user", NO_BUSINESS)]
    permissions: Permissions
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSuspended:
    reason: Annotated[str, Personal("user")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserReactivated:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDeleted:
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRestored:
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRoleAssigned:
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRoleRevoked:
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOrgJoined:
    organization_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOrgLeft:
    organization_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPersonalDataErased:
    """The key of the person's data is destroyed: readers that keep a copy of the data blank it."""

    erased_at: datetime


type Later = (  # all that can happen to an existing user
    UserVerified
    | UserProfileUpdated
    | UserEmailPreferencesUpdated
    | UserEmailChanged
    | UserPromoted
    | UserSuspended
    | UserReactivated
    | UserDeleted
    | UserRestored
    | UserRoleAssigned
    | UserRoleRevoked
    | UserOrgJoined
    | UserOrgLeft
    | UserPersonalDataErased
)
type Event = UserCreated | Later
