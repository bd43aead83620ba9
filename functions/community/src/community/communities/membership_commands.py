"""What can be asked of a membership. `leads` says that the person is the community's leader."""

from dataclasses import dataclass, field

from community.communities.membership_events import Role
from community.communities.settings import Limits
from community.person.values import Applicant, PersonSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLeader:
    """The founder of a community is its first member."""

    community_id: str
    member: PersonSnapshot
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCommunity:
    """To join a private community is to ask for it."""

    community_id: str
    member: PersonSnapshot
    private: bool
    limits: Limits = field(default_factory=Limits)
    applicant: Applicant = field(default_factory=Applicant)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveMember:
    private: bool
    limits: Limits = field(default_factory=Limits)
    applicant: Applicant = field(default_factory=Applicant)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineMember:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveCommunity:
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BanMember:
    reason: str
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbanMember:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMemberRole:
    role: Role
    leads: bool = False


type Command = (
    JoinCommunity | ApproveMember | DeclineMember | LeaveCommunity | BanMember | UnbanMember | SetMemberRole
)
