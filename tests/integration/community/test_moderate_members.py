"""approve_member, decline_member, ban_member, unban_member, set_member_role: by moderators, and by the leader."""

import pytest

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
from support.identity.tenant import Manners, happened, items, meanwhile
from support.principals import acting
from troupe.ids import new_id

COMMANDS = {"approve": approve, "decline": decline, "ban": ban, "unban": unban, "set_role": set_role}
AFTER = {"approve": "active", "decline": "left", "ban": "banned", "unban": "left", "set_role": "active"}


def set_up(circle, verb):
    """Somebody to whom the command can be done."""
    emily = profiled(circle.plaza)
    circle.join(emily)
    if verb in {"ban", "unban", "set_role"}:
        circle.by_leader(approve, emily)
    if verb == "unban":
        circle.by_leader(ban, emily)
    return emily


@pytest.fixture
def circle(plaza):
    return found(plaza, **PRIVATE)


@pytest.mark.parametrize("verb", COMMANDS)
def test_manners(circle, verb):
    emily = set_up(circle, verb)
    given = acting("leader", circle.leader)
    Manners(COMMANDS[verb], circle.path(emily), f"membership:{verb}", given).check()
    assert circle.status(emily) == AFTER[verb]
    audit(circle.plaza)


@pytest.mark.parametrize("verb", COMMANDS)
def test_members_do_none_of_it(circle, verb):
    emily, member = set_up(circle, verb), circle.member("Ben")
    before = items()
    reply = circle.by(member, COMMANDS[verb], emily)
    lacking = "leader_required" if verb == "set_role" else "moderator_required"
    assert (reply.status, reply.body["code"]) == (403, lacking)
    assert items() == before


@pytest.mark.parametrize("verb", COMMANDS)
def test_s_40_to_outsiders_neither_the_community_nor_its_people_are_there(circle, verb):
    """S-40: nor to who has asked to come in."""
    emily, (outsider, asking) = set_up(circle, verb), crowd(circle.plaza, 2)
    circle.join(asking)
    before = items()
    nothing = COMMANDS[verb]({"community_id": new_id(), "user_id": emily}, **acting("leader", outsider))
    for each in (outsider, asking):
        reply = circle.by(each, COMMANDS[verb], emily)
        assert (reply.status, reply.body) == (404, nothing.body)
    assert items() == before


@pytest.mark.parametrize("verb", ["approve", "decline", "ban", "unban"])
def test_moderators_do_all_but_give_roles(circle, verb):
    emily, moderator = set_up(circle, verb), circle.member("Ben", role="moderator")
    assert circle.by(moderator, COMMANDS[verb], emily).status == 200
    assert circle.status(emily) == AFTER[verb]
    audit(circle.plaza)


@pytest.mark.parametrize("verb", COMMANDS)
def test_an_overseer_does_all_of_it(circle, verb):
    emily, admin = set_up(circle, verb), circle.plaza.admin()
    assert COMMANDS[verb](circle.path(emily), **acting("admin", admin)).status == 200
    assert circle.status(emily) == AFTER[verb]


@pytest.mark.parametrize("verb", COMMANDS)
def test_who_never_was_there_is_not_there(circle, verb):
    for user_id in (profiled(circle.plaza), new_id(), "x"):
        assert circle.by_leader(COMMANDS[verb], user_id).status == 404


def test_what_is_done_already_is_no_event(circle):
    for verb, call in COMMANDS.items():
        emily = set_up(circle, verb)
        circle.by_leader(call, emily)
        before = items()
        assert circle.by_leader(call, emily).status == 200
        assert items() == before


def test_a_moderator_is_banned_by_the_leader_and_comes_back_as_a_member(circle):
    ben, cy = circle.member("Ben", role="moderator"), circle.member("Cy", role="moderator")
    assert circle.by(ben, ban, cy).body["code"] == "leader_required"
    circle.by_leader(ban, cy)
    assert circle.published(cy) == ("banned", "member")
    circle.by_leader(unban, cy)
    circle.admit(cy)
    assert circle.published(cy) == ("active", "member")
    audit(circle.plaza)


def test_s_39_nobody_acts_on_the_leader(circle):
    """S-39: neither a moderator nor whoever oversees all communities."""
    ben, admin = circle.member("Ben", role="moderator"), circle.plaza.admin()
    path = circle.path(circle.leader)
    assert circle.by(ben, ban, circle.leader).body["code"] == "leader_stays"
    assert ban(path, **acting("admin", admin)).body["code"] == "leader_stays"
    demote = set_role(path, body={"role": "member"}, **acting("admin", admin))
    assert demote.body["code"] == "leader_stays"
    audit(circle.plaza)


def test_who_moderates_no_more_meanwhile_bans_nobody(circle):
    ben, emily = circle.member("Ben", role="moderator"), circle.member()
    with meanwhile(lambda: circle.by_leader(set_role, ben, body={"role": "member"})):
        assert circle.by(ben, ban, emily).body["code"] == "moderator_required"
    assert circle.status(emily) == "active"


def test_who_withdraws_meanwhile_is_not_let_in(circle):
    emily = profiled(circle.plaza)
    circle.join(emily)
    with meanwhile(lambda: circle.leave(emily)):
        assert circle.by_leader(approve, emily).body["code"] == "invalid_transition"
    assert (circle.status(emily), circle.members()) == ("left", 1)
    audit(circle.plaza)


def test_a_full_community_approves_nobody_and_the_request_stays(plaza):
    circle, emily = found(plaza, **PRIVATE, limits={"member_cap": 1}), plaza.consumer()
    assert circle.join(emily).status == 200
    assert circle.by_leader(approve, emily).body["code"] == "community_full"
    assert circle.status(emily) == "pending"
    audit(plaza)


def test_each_change_is_one_event(circle):
    emily = profiled(circle.plaza)
    circle.join(emily)
    circle.by_leader(decline, emily)
    circle.join(emily)
    circle.by_leader(approve, emily)
    circle.by_leader(set_role, emily)
    circle.by_leader(ban, emily)
    circle.by_leader(unban, emily)
    told = [event for event in happened() if event.aggregate_id == f"{circle.id}.{emily}"]
    assert [event.type.removeprefix("community.member_") for event in told] == [
        "requested",
        "declined",
        "requested",
        "joined",
        "role_changed",
        "banned",
        "unbanned",
    ]
    assert {event.data["community_id"] for event in told} == {circle.id}
    assert {event.data["user_id"] for event in told} == {emily}


@pytest.mark.parametrize("wrong", [{"role": "leader"}, {}, {"role": None}])
def test_roles_are_member_and_moderator(circle, wrong):
    assert circle.by_leader(set_role, circle.member(), body=wrong).status == 422


def test_a_ban_has_a_reason(circle):
    assert circle.by_leader(ban, circle.member(), body={"reason": " "}).status == 422
