"""A membership: one person in one community, from the request or the joining on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, assert_never

from community.communities.membership_commands import (
    AddLeader,
    ApproveMember,
    BanMember,
    Command,
    DeclineMember,
    JoinCommunity,
    LeaveCommunity,
    SetMemberRole,
    UnbanMember,
)
from community.communities.membership_events import (
    Event,
    Later,
    MemberBanned,
    MemberDeclined,
    MemberJoined,
    MemberLeft,
    MemberPersonalDataErased,
    MemberRequested,
    MemberRoleChanged,
    MemberUnbanned,
    MemberWithdrew,
    Role,
    Status,
)
from community.communities.membership_rules import check
from community.person.values import PersonSnapshot, unnamed
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339
from troupe.domain.lifecycle import Lifecycle, Move
from troupe.domain.personal import Personal, blanked


def of(community_id: str, user_id: str) -> str:
    """The stream's id."""
    return f"{community_id}.{user_id}"


# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`since` is when the person asked, joined or was banned; `private` as in the events."""

    community_id: str
    member: Annotated[PersonSnapshot, Personal("member", unnamed)]
    status: Status
    since: datetime
    role: Role = "member"
    private: bool = False
    ban_reason: Annotated[str | None, Personal("member", None)] = None
    state: Literal["membership"] = "membership"


def begin(event: MemberRequested | MemberJoined) -> Membership:
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
            assert_never(event)


def evolve(state: Membership, event: Later) -> Membership:
    match event:
        case MemberDeclined() | MemberWithdrew() | MemberLeft() | MemberUnbanned():
            return replace(state, status="left", role="member", ban_reason=None)
        case MemberBanned():
            return replace(
                state, status="banned", role="member", since=event.banned_at, ban_reason=event.reason
            )
        case MemberRoleChanged():
            return replace(state, role=event.role)
        case MemberPersonalDataErased():
            return blanked(state, *event.of)
        case _:
            assert_never(event)


# A request that is declined or withdrawn ends as a membership does that was left: one may ask again.
MOVES = Lifecycle[Membership, Event](
    {
        ApproveMember: Move({"pending"}, "active"),
        DeclineMember: Move(
            {"pending"},
            "left",
            lambda _command, state, _context: MemberDeclined(
                community_id=state.community_id, user_id=state.member.id
            ),
        ),
        LeaveCommunity: Move({"pending", "active"}, "left"),
        BanMember: Move({"pending", "active", "left"}, "banned"),
        UnbanMember: Move(
            {"banned"},
            "left",
            lambda _command, state, _context: MemberUnbanned(
                community_id=state.community_id, user_id=state.member.id
            ),
        ),
    }
)


def create(command: AddLeader | JoinCommunity, context: Context) -> tuple[Event, ...]:
    if isinstance(command, AddLeader):
        return (_joined(command, context, role="moderator"),)
    return _come(command, context)


def decide(command: Command, state: Membership, context: Context) -> tuple[Event, ...]:
    match command:
        case JoinCommunity():
            return _join(command, state, context)
        case ApproveMember():
            return _approve(command, state, context)
        case DeclineMember() | UnbanMember():
            return MOVES.decide(command, state, context)
        case LeaveCommunity():
            return _leave(command, state)
        case BanMember():
            return _ban(command, state, context)
        case SetMemberRole():
            return _set_role(command, state)
        case _:
            assert_never(command)


def _joined(command: AddLeader | JoinCommunity, context: Context, *, role: Role = "member") -> MemberJoined:
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
    if not MOVES.moved(command, state):
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


def _leave(command: LeaveCommunity, state: Membership) -> tuple[Event, ...]:
    if command.leads:
        raise Rejected("leader_cannot_leave", "A leader transfers the community before leaving it.")
    if not MOVES.moved(command, state):
        return ()
    if state.status == "pending":
        return (MemberWithdrew(community_id=state.community_id, user_id=state.member.id),)
    left = MemberLeft(community_id=state.community_id, user_id=state.member.id, private=state.private)
    return (left,)


def _ban(command: BanMember, state: Membership, context: Context) -> tuple[Event, ...]:
    if command.leads:
        raise Rejected("leader_cannot_leave", "The leader cannot be banned.")
    if not MOVES.moved(command, state):
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


def _set_role(command: SetMemberRole, state: Membership) -> tuple[Event, ...]:
    if command.leads and command.role != "moderator":
        raise Rejected("leader_cannot_leave", "The leader moderates, always.")
    if state.status != "active":
        raise Rejected("not_an_active_member", "Roles are given to active members.")
    if state.role == command.role:
        return ()
    changed = MemberRoleChanged(community_id=state.community_id, user_id=state.member.id, role=command.role)
    return (changed,)


def _erased(state: Membership, of: tuple[str, ...], context: Context) -> Event:
    return MemberPersonalDataErased(
        community_id=state.community_id, user_id=state.member.id, of=of, erased_at=context.now
    )


_COLLECTIONS = {"active": "MEMBERS", "pending": "REQUESTS", "banned": "BANS"}


def _listed(state: Membership, _id: str) -> Listing:
    """On the community's side by what the person is to it; on the person's side while in it, or asking."""
    if state.status == "left":
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


MEMBERSHIP = Decider[Membership, AddLeader | JoinCommunity | Command, Event](
    name="membership",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("community", Event),
    state=Membership,
    listed=_listed,
    subjects=lambda state, _id: {"member": f"user:{state.member.id}"},
    erased=_erased,
)
