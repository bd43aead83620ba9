"""approve_member, decline_member, ban_member, unban_member, set_member_role: by moderators, and by the leader."""

import pytest

from support.command_contract import CommandContract
from support.community.communities import (
    PRIVATE,
    approve,
    audit,
    ban,
    crowd,
    decline,
    found,
    profiled,
    set_role,
    unban,
)
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from troupe.ids import new_id

COMMANDS = {"approve": approve, "decline": decline, "ban": ban, "unban": unban, "set_role": set_role}
AFTER = {"approve": "active", "decline": "left", "ban": "banned", "unban": "left", "set_role": "active"}


def set_up(community, verb):
    """A member to whom the command can be applied."""
    emily = profiled(community.tenant)
    community.join(emily)
    if verb in {"ban", "unban", "set_role"}:
        community.by_leader(approve, emily)
    if verb == "unban":
        community.by_leader(ban, emily)
    return emily


@pytest.fixture
def community(tenant):
    return found(tenant, **PRIVATE)


@pytest.mark.parametrize("verb", COMMANDS)
def test_manners(community, verb):
    emily = set_up(community, verb)
    given = acting("leader", community.leader)
    CommandContract(COMMANDS[verb], community.path(emily), f"membership:{verb}", given).check()
    assert community.status(emily) == AFTER[verb]
    audit(community.tenant)


@pytest.mark.parametrize("verb", COMMANDS)
def test_members_do_none_of_it(community, verb):
    emily, member = set_up(community, verb), community.member("Ben")
    before = stored_items()
    reply = community.by(member, COMMANDS[verb], emily)
    lacking = "leader_required" if verb == "set_role" else "moderator_required"
    assert (reply.status, reply.body["code"]) == (403, lacking)
    assert stored_items() == before


@pytest.mark.parametrize("verb", COMMANDS)
def test_s_40_to_outsiders_neither_the_community_nor_its_people_are_there(community, verb):
    """S-40: nor to who has asked to come in."""
    emily, (outsider, asking) = set_up(community, verb), crowd(community.tenant, 2)
    community.join(asking)
    before = stored_items()
    nothing = COMMANDS[verb]({"community_id": new_id(), "user_id": emily}, **acting("leader", outsider))
    for each in (outsider, asking):
        reply = community.by(each, COMMANDS[verb], emily)
        assert (reply.status, reply.body) == (404, nothing.body)
    assert stored_items() == before


@pytest.mark.parametrize("verb", ["approve", "decline", "ban", "unban"])
def test_moderators_do_all_but_give_roles(community, verb):
    emily, moderator = set_up(community, verb), community.member("Ben", role="moderator")
    assert community.by(moderator, COMMANDS[verb], emily).status == 200
    assert community.status(emily) == AFTER[verb]
    audit(community.tenant)


@pytest.mark.parametrize("verb", COMMANDS)
def test_an_overseer_does_all_of_it(community, verb):
    emily, admin = set_up(community, verb), community.tenant.admin()
    assert COMMANDS[verb](community.path(emily), **acting("admin", admin)).status == 200
    assert community.status(emily) == AFTER[verb]


@pytest.mark.parametrize("verb", COMMANDS)
def test_who_never_was_there_is_not_there(community, verb):
    for user_id in (profiled(community.tenant), new_id(), "x"):
        assert community.by_leader(COMMANDS[verb], user_id).status == 404


def test_what_is_done_already_is_no_event(community):
    for verb, call in COMMANDS.items():
        emily = set_up(community, verb)
        community.by_leader(call, emily)
        before = stored_items()
        assert community.by_leader(call, emily).status == 200
        assert stored_items() == before


def test_a_moderator_is_banned_by_the_leader_and_comes_back_as_a_member(community):
    ben, cy = community.member("Ben", role="moderator"), community.member("Cy", role="moderator")
    assert community.by(ben, ban, cy).body["code"] == "leader_required"
    community.by_leader(ban, cy)
    assert community.published(cy) == ("banned", "member")
    community.by_leader(unban, cy)
    community.admit(cy)
    assert community.published(cy) == ("active", "member")
    audit(community.tenant)


def test_s_39_the_leader_cannot_be_moderated(community):
    """S-39: neither a moderator nor an overseer of all communities."""
    ben, admin = community.member("Ben", role="moderator"), community.tenant.admin()
    path = community.path(community.leader)
    assert community.by(ben, ban, community.leader).body["code"] == "leader_cannot_leave"
    assert ban(path, **acting("admin", admin)).body["code"] == "leader_cannot_leave"
    demote = set_role(path, body={"role": "member"}, **acting("admin", admin))
    assert demote.body["code"] == "leader_cannot_leave"
    audit(community.tenant)


def test_a_moderator_demoted_meanwhile_cannot_ban(community):
    ben, emily = community.member("Ben", role="moderator"), community.member()
    with before_next_write(lambda: community.by_leader(set_role, ben, body={"role": "member"})):
        assert community.by(ben, ban, emily).body["code"] == "moderator_required"
    assert community.status(emily) == "active"


def test_who_withdraws_meanwhile_is_not_let_in(community):
    emily = profiled(community.tenant)
    community.join(emily)
    with before_next_write(lambda: community.leave(emily)):
        assert community.by_leader(approve, emily).body["code"] == "invalid_transition"
    assert (community.status(emily), community.members()) == ("left", 1)
    audit(community.tenant)


def test_a_full_community_refuses_approvals_and_keeps_the_request(tenant):
    community, emily = found(tenant, **PRIVATE, limits={"member_cap": 1}), tenant.consumer()
    assert community.join(emily).status == 200
    assert community.by_leader(approve, emily).body["code"] == "community_full"
    assert community.status(emily) == "pending"
    audit(tenant)


def test_each_change_is_one_event(community):
    emily = profiled(community.tenant)
    community.join(emily)
    community.by_leader(decline, emily)
    community.join(emily)
    community.by_leader(approve, emily)
    community.by_leader(set_role, emily)
    community.by_leader(ban, emily)
    community.by_leader(unban, emily)
    told = [event for event in stored_events() if event.aggregate_id == f"{community.id}.{emily}"]
    assert [event.type.removeprefix("community.member_") for event in told] == [
        "requested",
        "declined",
        "requested",
        "joined",
        "role_changed",
        "banned",
        "unbanned",
    ]
    assert {event.data["community_id"] for event in told} == {community.id}
    assert {event.data["user_id"] for event in told} == {emily}


@pytest.mark.parametrize("wrong", [{"role": "leader"}, {}, {"role": None}])
def test_roles_are_member_and_moderator(community, wrong):
    assert community.by_leader(set_role, community.member(), body=wrong).status == 422


def test_a_ban_has_a_reason(community):
    assert community.by_leader(ban, community.member(), body={"reason": " "}).status == 422
