"""What is answered about communities and their members."""

from datetime import datetime

from pydantic import BaseModel

from community.communities.membership_events import Role, Status
from community.communities.settings import Branding, Limits, Posting, Visibility


class OwnMembership(BaseModel, frozen=True):
    """What the one who asks is to the community."""

    status: Status
    role: Role
    leads: bool


class CommunityView(BaseModel, frozen=True):
    id: str
    name: str
    description: str
    purpose: str
    branding: Branding
    visibility: Visibility
    rules: tuple[str, ...]
    posting: Posting
    moderation_required: bool
    limits: Limits
    owner_id: str
    created_at: datetime
    members: int
    membership: OwnMembership | None  # null for a user who never was a member, nor asked to be


class CommunityRow(BaseModel, frozen=True):
    id: str
    name: str
    purpose: str
    logo_url: str | None = None
    visibility: Visibility
    owner_id: str
    created_at: datetime


class MembershipRow(BaseModel, frozen=True):
    """A community that one is a member of, or has asked to join; private ones show nothing before one is."""

    community_id: str
    name: str | None
    logo_url: str | None = None
    visibility: Visibility
    status: Status
    role: Role
    leads: bool
    since: datetime


class MemberRow(BaseModel, frozen=True):
    """A person by the name and picture of the day they came."""

    user_id: str
    display_name: str
    avatar_url: str | None = None
    role: Role
    since: datetime


class RequestRow(BaseModel, frozen=True):
    user_id: str
    display_name: str
    avatar_url: str | None = None
    since: datetime


class BanRow(BaseModel, frozen=True):
    user_id: str
    display_name: str
    avatar_url: str | None = None
    reason: str
    since: datetime
