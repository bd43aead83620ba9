"""A membership: one person in one community, from the request or the joining on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from community.eligibility import check
from community.membership_commands import (
    ApproveMember,
    BanMember,
    Command,
    DeclineMember,
    JoinCommunity,
    LeaveCommunity,
    SeatLeader,
    SetMemberRole,
    UnbanMember,
)
from community.membership_events import (
    EVENTS,
    Event,
    Later,
    MemberBanned,
    MemberDeclined,
    MemberJoined,
    MemberLeft,
    MemberRequested,
    MemberRoleChanged,
    MemberUnbanned,
    MemberWithdrew,
    Party,
    Role,
    Status,
)
from troupe.clock import rfc3339
from troupe.decider import Context, Decider, Listing, Rejected


def of(community_id: str, user_id: str) -> str:
    """The stream's id."""
    return f"{community_id}.{user_id}"


# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    state: Literal["stranger"] = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`since` is when the person asked, joined or was banned; `private` as in the events."""

    community_id: str
    member: Party
    status: Status
    since: datetime
    role: Role = "member"
    private: bool = False
    ban_reason: str | None = None
    state: Literal["membership"] = "membership"


type State = Stranger | Membership


def evolve(state: State, event: Event) -> State:
    match event:
        case MemberRequested():
            return Membership(
                community_id=event.community_id,
                member=event.member,
                status="pending",
                since=event.requested_at,
            )
        case MemberJoined():
            return Membership(
                community_id=event.community_id,
                member=event.member,
                status="active",
                since=event.joined_at,
                role=event.role,
                private=event.private,
            )
        case _:
            return state if isinstance(state, Stranger) else _evolve(state, event)


def _evolve(state: Membership, event: Later) -> Membership:
    match event:
        case MemberDeclined() | MemberWithdrew() | MemberLeft() | MemberUnbanned():
            return replace(state, status="left", role="member", ban_reason=None)
        case MemberBanned():
            return replace(
                state, status="banned", role="member", since=event.banned_at, ban_reason=event.reason
            )
        case MemberRoleChanged():
            return replace(state, role=event.role)
        case _:
            assert_never(event)


# The legal transitions: what a command takes from where to where. A request that is declined or withdrawn
# ends as a membership does that was left: one may ask again.
_MOVES: Mapping[type[Command], tuple[frozenset[Status], Status]] = {
    ApproveMember: (frozenset({"pending"}), "active"),
    DeclineMember: (frozenset({"pending"}), "left"),
    LeaveCommunity: (frozenset({"pending", "active"}), "left"),
    BanMember: (frozenset({"pending", "active", "left"}), "banned"),
    UnbanMember: (frozenset({"banned"}), "left"),
}


def _moves(command: Command, state: Membership) -> bool:
    """Whether the command moves the membership at all; a move that is not in the table is refused."""
    was, to = _MOVES[type(command)]
    if state.status == to:
        return False
    if state.status not in was:
        raise Rejected("invalid_transition", f"This does not make {to} what is {state.status}.")
    return True


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match state:
        case Stranger() if isinstance(command, SeatLeader):
            return (_joined(command, context, role="moderator"),)
        case Stranger() if isinstance(command, JoinCommunity):
            return _come(command, context)
        case Stranger():
            raise Rejected("no_membership", "The person has never been in this community.")
        case Membership():
            return _decide(command, state, context)
        case _:
            assert_never(state)


def _decide(command: Command, state: Membership, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each command
    match command:
        case SeatLeader():
            raise Rejected("member_already", "The person has been in this community before.")
        case JoinCommunity():
            return _join(command, state, context)
        case ApproveMember():
            return _approve(command, state, context)
        case DeclineMember():
            return _decline(command, state)
        case LeaveCommunity():
            return _leave(command, state)
        case BanMember():
            return _ban(command, state, context)
        case UnbanMember():
            return _unban(command, state)
        case SetMemberRole():
            return _set_role(command, state)
        case _:
            assert_never(command)


def _joined(command: SeatLeader | JoinCommunity, context: Context, *, role: Role = "member") -> MemberJoined:
    return MemberJoined(
        community_id=command.community_id,
        user_id=command.member.id,
        member=command.member,
        joined_at=context.now,
        private=command.private,
        role=role,
    )


def _come(command: JoinCommunity, context: Context) -> tuple[Event, ...]:
    """In at once where the community is public, else onto the list of those who ask."""
    check(command.limits, command.applicant, context.now.date())
    if not command.private:
        return (_joined(command, context),)
    requested = MemberRequested(
        community_id=command.community_id,
        user_id=command.member.id,
        member=command.member,
        requested_at=context.now,
    )
    return (requested,)


def _join(command: JoinCommunity, state: Membership, context: Context) -> tuple[Event, ...]:
    if state.status == "banned":
        raise Rejected("member_banned", "Who is banned does not come back by joining.")
    if state.status == "active" or (state.status == "pending" and command.private):
        return ()
    return _come(command, context)


def _approve(command: ApproveMember, state: Membership, context: Context) -> tuple[Event, ...]:
    if not _moves(command, state):
        return ()
    check(command.limits, command.applicant, context.now.date())
    joined = MemberJoined(
        community_id=state.community_id,
        user_id=state.member.id,
        member=state.member,
        joined_at=context.now,
        private=command.private,
        approved_by=context.actor,
    )
    return (joined,)


def _decline(command: DeclineMember, state: Membership) -> tuple[Event, ...]:
    declined = MemberDeclined(community_id=state.community_id, user_id=state.member.id)
    return (declined,) if _moves(command, state) else ()


def _leave(command: LeaveCommunity, state: Membership) -> tuple[Event, ...]:
    if command.leads:
        raise Rejected("leader_stays", "A leader transfers the community before leaving it.")
    if not _moves(command, state):
        return ()
    if state.status == "pending":
        return (MemberWithdrew(community_id=state.community_id, user_id=state.member.id),)
    left = MemberLeft(community_id=state.community_id, user_id=state.member.id, private=state.private)
    return (left,)


def _ban(command: BanMember, state: Membership, context: Context) -> tuple[Event, ...]:
    if command.leads:
        raise Rejected("leader_stays", "Nobody bans the leader.")
    if not _moves(command, state):
        return ()
    banned = MemberBanned(
        community_id=state.community_id,
        user_id=state.member.id,
        reason=command.reason,
        banned_at=context.now,
        was_member=state.status == "active",
        private=state.private,
    )
    return (banned,)


def _unban(command: UnbanMember, state: Membership) -> tuple[Event, ...]:
    unbanned = MemberUnbanned(community_id=state.community_id, user_id=state.member.id)
    return (unbanned,) if _moves(command, state) else ()


def _set_role(command: SetMemberRole, state: Membership) -> tuple[Event, ...]:
    if command.leads and command.role != "moderator":
        raise Rejected("leader_stays", "The leader moderates, always.")
    if state.status != "active":
        raise Rejected("not_an_active_member", "Roles are given to active members.")
    if state.role == command.role:
        return ()
    changed = MemberRoleChanged(community_id=state.community_id, user_id=state.member.id, role=command.role)
    return (changed,)


_COLLECTIONS = {"active": "MEMBERS", "pending": "REQUESTS", "banned": "BANS"}


def _listed(state: State, _id: str) -> Listing:
    """On the community's side by what the person is to it; on the person's side while in it, or asking."""
    if isinstance(state, Stranger) or state.status == "left":
        return Listing()
    community_id, user_id, since = state.community_id, state.member.id, rfc3339(state.since)
    own = (f"COMMUNITIES_OF#{user_id}", f"{since}#{community_id}")
    return Listing(
        collection=(f"{_COLLECTIONS[state.status]}#{community_id}", f"{since}#{user_id}"),
        queue=None if state.status == "banned" else own,
        summary={
            "community_id": community_id,
            "user_id": user_id,
            "display_name": state.member.display_name,
            "avatar_url": state.member.avatar_url,
            "status": state.status,
            "role": state.role,
            "since": since,
            "reason": state.ban_reason,
        },
    )


MEMBERSHIP = Decider[State, Command, Event](
    name="membership",
    initial=Stranger(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    state=State,
    listed=_listed,
)
