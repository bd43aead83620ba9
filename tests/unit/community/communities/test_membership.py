"""A membership: every command in every status, legal or not."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from community.communities.membership_commands import (
    AddLeader,
    ApproveMember,
    BanMember,
    DeclineMember,
    JoinCommunity,
    LeaveCommunity,
    SetMemberRole,
    UnbanMember,
)
from community.communities.membership_decider import MEMBERSHIP, Membership, of
from community.communities.membership_events import (
    MemberBanned,
    MemberDeclined,
    MemberJoined,
    MemberLeft,
    MemberRequested,
    MemberRoleChanged,
    MemberUnbanned,
    MemberWithdrew,
)
from community.communities.settings import Limits
from community.person.values import Applicant, PersonSnapshot
from support.spec import ANN, NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

EMILY = PersonSnapshot(id="e", display_name="Emily", avatar_url="https://x.example/e.png")
WHO = {"community_id": "c", "user_id": "e"}
requested = MemberRequested(**WHO, member=EMILY, requested_at=NOON.now)
joined = MemberJoined(**WHO, member=EMILY, joined_at=NOON.now, private=False)
approved = replace(joined, private=True, approved_by=ANN)
declined, withdrew, unbanned = MemberDeclined(**WHO), MemberWithdrew(**WHO), MemberUnbanned(**WHO)
left = MemberLeft(**WHO, private=False)
banned = MemberBanned(**WHO, reason="spam", banned_at=NOON.now, was_member=True, private=False)
promoted = MemberRoleChanged(**WHO, role="moderator")
HISTORIES = {
    "stranger": (),
    "pending": (requested,),
    "active": (joined,),
    "left": (joined, left),
    "banned": (joined, banned),
}
JOIN = JoinCommunity(community_id="c", member=EMILY, private=False)
ASK = replace(JOIN, private=True)
COMMANDS = {
    "seat": AddLeader(community_id="c", member=EMILY, private=False),
    "join": JOIN,
    "ask": ASK,
    "approve": ApproveMember(private=True),
    "decline": DeclineMember(),
    "leave": LeaveCommunity(leads=False),
    "ban": BanMember(reason="spam", leads=False),
    "unban": UnbanMember(),
    "promote": SetMemberRole(role="moderator"),
    "demote": SetMemberRole(role="member"),
}
NOT_IN, WRONG, LACKS = "no_membership", "invalid_transition", "not_an_active_member"
LAW = {  # by command: what comes of it for a stranger, and for who is pending, active, left, banned
    "seat": (replace(joined, role="moderator"), *["membership_exists"] * 4),
    "join": (joined, joined, None, joined, "member_banned"),
    "ask": (requested, None, None, requested, "member_banned"),
    "approve": (NOT_IN, approved, None, WRONG, WRONG),
    "decline": (NOT_IN, declined, WRONG, None, WRONG),
    "leave": (NOT_IN, withdrew, left, None, WRONG),
    "ban": (NOT_IN, replace(banned, was_member=False), banned, replace(banned, was_member=False), None),
    "unban": (NOT_IN, WRONG, WRONG, None, unbanned),
    "promote": (NOT_IN, LACKS, promoted, LACKS, LACKS),
    "demote": (NOT_IN, LACKS, None, LACKS, LACKS),
}
membership = Given(MEMBERSHIP)


@pytest.mark.parametrize("status", HISTORIES)
@pytest.mark.parametrize("verb", COMMANDS)
def test_every_command_in_every_status(verb, status):
    outcome = LAW[verb][list(HISTORIES).index(status)]
    when = membership(*HISTORIES[status]).when(COMMANDS[verb])
    match outcome:
        case None:
            when.then_nothing()
        case str():
            when.then_rejected(outcome)
        case _:
            when.then(outcome)


@pytest.mark.parametrize(
    "history, status",
    [
        ((requested,), "pending"),
        ((requested, approved), "active"),
        ((requested, declined), "left"),
        ((requested, withdrew), "left"),
        ((joined, promoted, left), "left"),
        ((joined, promoted, banned), "banned"),
        ((joined, banned, unbanned), "left"),
        ((joined, left, joined), "active"),
    ],
)
def test_what_becomes_of_it(history, status):
    state = membership(*history).state
    assert (state.status, state.role) == (status, "member")
    assert state.ban_reason == ("spam" if status == "banned" else None)


def test_s_39_the_leader_cannot_leave_nor_be_sent_away_nor_stop_moderating():
    """S-39: the leader hands the community over first."""
    leader = membership(replace(joined, role="moderator"))
    for command in (
        LeaveCommunity(leads=True),
        BanMember(reason="spam", leads=True),
        SetMemberRole(role="member", leads=True),
    ):
        leader.when(command).then_rejected("leader_cannot_leave")
    leader.when(SetMemberRole(role="moderator", leads=True)).then_nothing()


def test_leaving_tells_how_it_was_joined():
    """What was counted as a private membership is taken back as one."""
    private = replace(joined, private=True)
    membership(private).when(LeaveCommunity(leads=False)).then(replace(left, private=True))
    membership(private).when(COMMANDS["ban"]).then(replace(banned, private=True))


def test_limits_hold_who_joins_who_asks_and_who_is_approved():
    adults, child = Limits(minimum_age=18), Applicant(birth_date=date(2015, 1, 1))
    for command in (JOIN, ASK):
        membership().when(replace(command, limits=adults, applicant=child)).then_rejected("too_young")
    membership(joined, left).when(replace(JOIN, limits=adults)).then_rejected("age_unknown")
    late = ApproveMember(private=True, limits=adults, applicant=child)
    membership(requested).when(late).then_rejected("too_young")


def test_limits_are_nothing_to_who_is_in_already():
    child = Applicant(birth_date=date(2015, 1, 1))
    again = replace(JOIN, limits=Limits(minimum_age=18), applicant=child)
    membership(joined).when(again).then_nothing()


def test_a_ban_comes_before_the_limits():
    strict = replace(JOIN, limits=Limits(minimum_age=18))
    membership(joined, banned).when(strict).then_rejected("member_banned")


@pytest.mark.parametrize(
    "status, collection, queue",
    [
        ("pending", "REQUESTS#c", "COMMUNITIES_OF#e"),
        ("active", "MEMBERS#c", "COMMUNITIES_OF#e"),
        ("left", None, None),
        ("banned", "BANS#c", None),
    ],
)
def test_where_it_is_listed(status, collection, queue):
    listing = MEMBERSHIP.listed(membership(*HISTORIES[status]).state, of("c", "e"))
    at = "2026-01-31T12:00:00.000000Z"
    assert listing.collection == (collection and (collection, f"{at}#e"))
    assert listing.queue == (queue and (queue, f"{at}#c"))
    if collection:
        assert listing.summary == {
            "community_id": "c",
            "user_id": "e",
            "display_name": "Emily",
            "avatar_url": "https://x.example/e.png",
            "status": status,
            "role": "member",
            "since": at,
            "reason": "spam" if status == "banned" else None,
        }


def test_every_event_has_a_name_of_its_own():
    assert all(name.startswith("community.member_") for name in MEMBERSHIP.events)


@examples(st.lists(st.sampled_from(list(COMMANDS.values())), max_size=15))
def test_invariants_hold_after_any_commands(commands):
    history, state = (), None
    for command in commands:
        try:
            events = MEMBERSHIP.answer(command, state, NOON)
        except Rejected:
            continue
        assert len(events) <= 1
        history, state = (*history, *events), MEMBERSHIP.fold(events, state)
        assert isinstance(state, Membership)
        if not isinstance(command, AddLeader):
            assert MEMBERSHIP.answer(command, state, NOON) == ()
    assert_folds_as_stored(MEMBERSHIP, history)
    comes = sum(isinstance(event, MemberJoined) for event in history)
    goes = sum(
        isinstance(event, MemberLeft) or (isinstance(event, MemberBanned) and event.was_member)
        for event in history
    )
    active = isinstance(state, Membership) and state.status == "active"
    assert comes - goes == active
