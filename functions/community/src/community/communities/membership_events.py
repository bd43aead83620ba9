"""What happens between a person and a community, as events, which are stored for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from community.person.values import PersonSnapshot, unnamed
from troupe.domain.personal import Personal

type Status = Literal["pending", "active", "left", "banned"]
type Role = Literal["member", "moderator"]


# Events: never rename one, and give a new field a default. `private` is how the community was when the
# person joined it, so that readers can count those of private communities apart.


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRequested:
    community_id: str
    user_id: str
    member: Annotated[PersonSnapshot, Personal("member", unnamed)]
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    """`approved_by`: the moderator who approved the request, if one was needed."""

    community_id: str
    user_id: str
    member: Annotated[PersonSnapshot, Personal("member", unnamed)]
    joined_at: datetime
    private: bool
    role: Role = "member"
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDeclined:
    community_id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWithdrew:
    """The request was taken back by the person who made it."""

    community_id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    community_id: str
    user_id: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberBanned:
    """`was_member`: not a user who had only asked to be, or had left."""

    community_id: str
    user_id: str
    reason: Annotated[str, Personal("member")]
    banned_at: datetime
    was_member: bool
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnbanned:
    community_id: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRoleChanged:
    community_id: str
    user_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPersonalDataErased:
    """The person's data was erased: the membership stands without a name. `of`: as the fields name them."""

    community_id: str
    user_id: str
    of: tuple[str, ...]
    erased_at: datetime


type Later = (  # all that can happen after the first event of a membership
    MemberDeclined
    | MemberWithdrew
    | MemberLeft
    | MemberBanned
    | MemberUnbanned
    | MemberRoleChanged
    | MemberPersonalDataErased
)
type Event = MemberRequested | MemberJoined | Later
