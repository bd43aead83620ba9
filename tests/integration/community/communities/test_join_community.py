"""join_community and leave_community: at once or by asking, within the limits, counted exactly."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from support.command_contract import CommandContract
from support.community.communities import (
    PRIVATE,
    approve,
    audit,
    ban,
    found,
    join,
    leave,
    profiled,
    transfer,
    unban,
    update,
)
from support.dynamodb import before_next_write, stored_events, stored_items
from support.faulty_client import lost
from support.identity.sign_in import failing
from support.principals import acting
from support.spec import OTHER
from troupe.ids import new_id


def test_manners_of_joining_but_for_a_version_which_a_new_member_has_not(tenant):
    community, emily = found(tenant), tenant.consumer()
    given = acting("consumer", emily)
    reply = CommandContract(join, community.path(), "community:join", given, stale=False).check()
    assert reply.body == {"id": f"{community.id}.{emily}", "version": 1, "status": "active"}
    audit(tenant)


def test_manners_of_leaving(tenant):
    community = found(tenant)
    emily = community.member()
    CommandContract(leave, community.path(), "community:leave", acting("consumer", emily)).check()
    assert (community.status(emily), community.members()) == ("left", 1)
    audit(tenant)


def test_a_public_community_takes_people_at_once(tenant):
    community, emily = found(tenant), tenant.consumer("Emily")
    community.join(emily)
    assert (community.members(), community.published(emily)) == (2, ("active", "member"))
    assert community.membership(emily).member.display_name == "Emily"
    told = stored_events("community.member_joined")[-1]
    assert (told.aggregate, told.aggregate_id) == ("membership", f"{community.id}.{emily}")
    assert told.data["user_id"] == emily
    assert (told.data["private"], told.data["approved_by"]) == (False, None)


def test_a_private_community_takes_members_by_approval(tenant):
    community, emily = found(tenant, **PRIVATE), tenant.consumer()
    assert community.join(emily).body["status"] == "pending"
    assert (community.members(), community.published(emily)) == (1, ("pending", "member"))
    community.by_leader(approve, emily)
    assert (community.members(), community.status(emily)) == (2, "active")
    requested, joined = stored_events("community.member_requested", "community.member_joined")[-2:]
    assert requested.data["user_id"] == emily
    assert (joined.data["private"], joined.data["approved_by"]) == (True, community.leader)
    audit(tenant)


def test_twice_is_once_and_coming_back_counts_once(tenant):
    community = found(tenant)
    emily = community.member()
    assert community.join(emily).body["version"] == 1
    assert [community.leave(emily).body["version"] for _ in range(2)] == [2, 2]
    assert community.join(emily).body["version"] == 3
    assert community.members() == 2
    audit(tenant)


def test_two_joins_at_once_count_once(tenant):
    community, emily = found(tenant), tenant.consumer()
    with before_next_write(lambda: community.join(emily)):
        assert community.join(emily).body["version"] == 1
    with before_next_write(lambda: community.leave(emily)):
        assert community.leave(emily).body["version"] == 2
    assert community.members() == 1
    audit(tenant)


def test_an_answer_that_was_lost_counts_once(tenant):
    community, emily = found(tenant), tenant.consumer()
    with failing(lost):
        assert community.join(emily).status == 200
    assert community.members() == 2
    audit(tenant)


def test_a_request_is_taken_back(tenant):
    community, emily = found(tenant, **PRIVATE), tenant.consumer()
    community.join(emily)
    community.leave(emily)
    assert (community.status(emily), community.members()) == ("left", 1)
    assert stored_events("community.member_withdrew")
    audit(tenant)


def test_s_39_the_leader_stays(tenant):
    """S-39: and there is no second leader who could leave at the same time."""
    community, before = found(tenant), stored_items()
    reply = community.leave(community.leader)
    assert (reply.status, reply.body["code"]) == (409, "leader_cannot_leave")
    assert stored_items() == before


def test_s_39_who_becomes_the_leader_meanwhile_stays(tenant):
    """S-39: of a transfer and a leaving at once, one is refused."""
    community, max_id = found(tenant), tenant.leader("Max")
    community.admit(max_id)
    with before_next_write(lambda: community.by_leader(transfer, body={"user_id": max_id})):
        assert community.leave(max_id).body["code"] == "leader_cannot_leave"
    assert community.state().owner_id == max_id
    audit(tenant)


class TestBanned:
    def test_do_not_come_back_before_the_ban_is_lifted(self, tenant):
        community = found(tenant)
        emily = community.member()
        community.by_leader(ban, emily)
        for call, code in ((community.join, "member_banned"), (community.leave, "invalid_transition")):
            assert (call(emily).status, call(emily).body["code"]) == (409, code)
        community.by_leader(unban, emily)
        assert community.join(emily).status == 200
        audit(tenant)

    def test_s_40_a_private_community_is_not_there_for_them(self, tenant):
        """S-40: neither to come back to nor to leave."""
        community = found(tenant, **PRIVATE)
        emily = community.member()
        community.by_leader(ban, emily)
        nothing = join({"community_id": new_id()}, **acting("consumer", emily))
        for reply in (community.join(emily), community.leave(emily)):
            assert (reply.status, reply.body) == (404, nothing.body)

    def test_who_is_banned_while_joining_is_out(self, tenant):
        community = found(tenant)
        emily = community.member()
        community.leave(emily)
        with before_next_write(lambda: community.by_leader(ban, emily)):
            assert community.join(emily).body["code"] == "member_banned"
        audit(tenant)


LIMITS = {"minimum_age": 18, "countries": ["AT", "DE"]}


class TestLimits:
    @pytest.mark.parametrize("visibility", ["public", "private"])
    @pytest.mark.parametrize(
        "profile, code",
        [
            ({"country": "DE"}, "age_unknown"),
            ({"country": "DE", "birth_date": "2015-01-01"}, "too_young"),
            ({"birth_date": "2000-01-01"}, "country_unknown"),
            ({"birth_date": "2000-01-01", "country": "FR"}, "country_not_taken"),
        ],
    )
    def test_who_is_left_out(self, tenant, visibility, profile, code):
        community, emily = found(tenant, limits=LIMITS, visibility=visibility), profiled(tenant, **profile)
        before = stored_items()
        reply = community.join(emily)
        assert (reply.status, reply.body["code"]) == (409, code)
        assert stored_items() == before

    def test_who_is_taken_and_who_is_of_age_from_their_birthday_on(self, tenant, clock):
        community = found(tenant, limits=LIMITS)
        emily = profiled(tenant, birth_date="2008-03-02", country="AT")
        clock.instant = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
        assert community.join(emily).body["code"] == "too_young"
        clock.forward(minutes=1)
        assert community.join(emily).status == 200

    def test_limits_hold_when_a_member_is_approved(self, tenant):
        community, emily = found(tenant, **PRIVATE), profiled(tenant, country="FR")
        community.join(emily)
        community.by_leader(update, body={"limits": {"countries": ["DE"]}})
        reply = community.by_leader(approve, emily)
        assert (reply.status, reply.body["code"]) == (409, "country_not_taken")
        assert community.status(emily) == "pending"

    def test_limits_set_meanwhile_hold(self, tenant):
        community, emily = found(tenant), profiled(tenant)
        with before_next_write(lambda: community.by_leader(update, body={"limits": LIMITS})):
            assert community.join(emily).body["code"] == "age_unknown"


def test_who_is_not_known_yet_tries_again(tenant):
    community, nobody = found(tenant), new_id()
    reply = community.join(nobody)
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert community.status(nobody) is None


def test_another_tenant_s_community_is_not_there(tenant):
    community = found(tenant)
    there = replace(tenant, tenant_id=OTHER)
    there.found()
    stranger = there.consumer()
    reply = join(community.path(), **acting("consumer", stranger, tenant_id=OTHER))
    assert reply.status == 404
    assert join({"community_id": "x"}, **acting("consumer", stranger)).status == 404
    audit(tenant)


def test_who_never_was_there_has_nothing_to_leave(tenant):
    community = found(tenant)
    assert community.leave(tenant.consumer()).status == 404
