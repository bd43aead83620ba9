"""join_community and leave_community: at once or by asking, within the limits, counted exactly."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

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
from support.faulty_client import lost
from support.identity.sign_in import failing
from support.identity.tenant import Manners, happened, items, meanwhile
from support.principals import acting
from support.spec import OTHER
from troupe.ids import new_id


def test_manners_of_joining_but_for_a_version_which_a_new_member_has_not(plaza):
    circle, emily = found(plaza), plaza.consumer()
    given = acting("consumer", emily)
    reply = Manners(join, circle.path(), "community:join", given, stale=False).check()
    assert reply.body == {"id": f"{circle.id}.{emily}", "version": 1, "status": "active"}
    audit(plaza)


def test_manners_of_leaving(plaza):
    circle = found(plaza)
    emily = circle.member()
    Manners(leave, circle.path(), "community:leave", acting("consumer", emily)).check()
    assert (circle.status(emily), circle.members()) == ("left", 1)
    audit(plaza)


def test_a_public_community_takes_people_at_once(plaza):
    circle, emily = found(plaza), plaza.consumer("Emily")
    circle.join(emily)
    assert (circle.members(), circle.published(emily)) == (2, ("active", "member"))
    assert circle.membership(emily).member.display_name == "Emily"
    told = happened("community.member_joined")[-1]
    assert (told.aggregate, told.aggregate_id) == ("membership", f"{circle.id}.{emily}")
    assert told.data["user_id"] == emily
    assert (told.data["private"], told.data["approved_by"]) == (False, None)


def test_a_private_one_takes_them_when_somebody_approves(plaza):
    circle, emily = found(plaza, **PRIVATE), plaza.consumer()
    assert circle.join(emily).body["status"] == "pending"
    assert (circle.members(), circle.published(emily)) == (1, ("pending", "member"))
    circle.by_leader(approve, emily)
    assert (circle.members(), circle.status(emily)) == (2, "active")
    requested, joined = happened("community.member_requested", "community.member_joined")[-2:]
    assert requested.data["user_id"] == emily
    assert (joined.data["private"], joined.data["approved_by"]) == (True, circle.leader)
    audit(plaza)


def test_twice_is_once_and_coming_back_counts_once(plaza):
    circle = found(plaza)
    emily = circle.member()
    assert circle.join(emily).body["version"] == 1
    assert [circle.leave(emily).body["version"] for _ in range(2)] == [2, 2]
    assert circle.join(emily).body["version"] == 3
    assert circle.members() == 2
    audit(plaza)


def test_two_joins_at_once_count_once(plaza):
    circle, emily = found(plaza), plaza.consumer()
    with meanwhile(lambda: circle.join(emily)):
        assert circle.join(emily).body["version"] == 1
    with meanwhile(lambda: circle.leave(emily)):
        assert circle.leave(emily).body["version"] == 2
    assert circle.members() == 1
    audit(plaza)


def test_an_answer_that_was_lost_counts_once(plaza):
    circle, emily = found(plaza), plaza.consumer()
    with failing(lost):
        assert circle.join(emily).status == 200
    assert circle.members() == 2
    audit(plaza)


def test_a_request_is_taken_back(plaza):
    circle, emily = found(plaza, **PRIVATE), plaza.consumer()
    circle.join(emily)
    circle.leave(emily)
    assert (circle.status(emily), circle.members()) == ("left", 1)
    assert happened("community.member_withdrew")
    audit(plaza)


def test_s_39_the_leader_stays(plaza):
    """S-39: and there is no second leader who could leave at the same time."""
    circle, before = found(plaza), items()
    reply = circle.leave(circle.leader)
    assert (reply.status, reply.body["code"]) == (409, "leader_stays")
    assert items() == before


def test_s_39_who_becomes_the_leader_meanwhile_stays(plaza):
    """S-39: of a transfer and a leaving at once, one is refused."""
    circle, max_id = found(plaza), plaza.leader("Max")
    circle.admit(max_id)
    with meanwhile(lambda: circle.by_leader(transfer, body={"user_id": max_id})):
        assert circle.leave(max_id).body["code"] == "leader_stays"
    assert circle.state().owner_id == max_id
    audit(plaza)


class TestBanned:
    def test_do_not_come_back_before_the_ban_is_lifted(self, plaza):
        circle = found(plaza)
        emily = circle.member()
        circle.by_leader(ban, emily)
        for call, code in ((circle.join, "member_banned"), (circle.leave, "invalid_transition")):
            assert (call(emily).status, call(emily).body["code"]) == (409, code)
        circle.by_leader(unban, emily)
        assert circle.join(emily).status == 200
        audit(plaza)

    def test_s_40_a_private_community_is_not_there_for_them(self, plaza):
        """S-40: neither to come back to nor to leave."""
        circle = found(plaza, **PRIVATE)
        emily = circle.member()
        circle.by_leader(ban, emily)
        nothing = join({"community_id": new_id()}, **acting("consumer", emily))
        for reply in (circle.join(emily), circle.leave(emily)):
            assert (reply.status, reply.body) == (404, nothing.body)

    def test_who_is_banned_while_joining_is_out(self, plaza):
        circle = found(plaza)
        emily = circle.member()
        circle.leave(emily)
        with meanwhile(lambda: circle.by_leader(ban, emily)):
            assert circle.join(emily).body["code"] == "member_banned"
        audit(plaza)


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
    def test_who_is_left_out(self, plaza, visibility, profile, code):
        circle, emily = found(plaza, limits=LIMITS, visibility=visibility), profiled(plaza, **profile)
        before = items()
        reply = circle.join(emily)
        assert (reply.status, reply.body["code"]) == (409, code)
        assert items() == before

    def test_who_is_taken_and_who_is_of_age_from_their_birthday_on(self, plaza, clock):
        circle = found(plaza, limits=LIMITS)
        emily = profiled(plaza, birth_date="2008-03-02", country="AT")
        clock.instant = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
        assert circle.join(emily).body["code"] == "too_young"
        clock.forward(minutes=1)
        assert circle.join(emily).status == 200

    def test_they_hold_when_somebody_is_approved(self, plaza):
        circle, emily = found(plaza, **PRIVATE), profiled(plaza, country="FR")
        circle.join(emily)
        circle.by_leader(update, body={"limits": {"countries": ["DE"]}})
        reply = circle.by_leader(approve, emily)
        assert (reply.status, reply.body["code"]) == (409, "country_not_taken")
        assert circle.status(emily) == "pending"

    def test_limits_set_meanwhile_hold(self, plaza):
        circle, emily = found(plaza), profiled(plaza)
        with meanwhile(lambda: circle.by_leader(update, body={"limits": LIMITS})):
            assert circle.join(emily).body["code"] == "age_unknown"


def test_who_is_not_known_yet_tries_again(plaza):
    circle, nobody = found(plaza), new_id()
    reply = circle.join(nobody)
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert circle.status(nobody) is None


def test_another_tenant_s_community_is_not_there(plaza):
    circle = found(plaza)
    there = replace(plaza, tenant_id=OTHER)
    there.found()
    stranger = there.consumer()
    reply = join(circle.path(), **acting("consumer", stranger, tenant_id=OTHER))
    assert reply.status == 404
    assert join({"community_id": "x"}, **acting("consumer", stranger)).status == 404
    audit(plaza)


def test_who_never_was_there_has_nothing_to_leave(plaza):
    circle = found(plaza)
    assert circle.leave(plaza.consumer()).status == 404
