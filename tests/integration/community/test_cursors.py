"""A cursor is good for one list and one viewer, and is looked at before anything is read."""

import pytest

from support.community.communities import (
    PRIVATE,
    ban,
    found,
    profiled,
    view,
)
from support.community.tenant import ask
from support.identity.tenant import round_trips
from support.principals import acting
from support.spec import OTHER
from troupe.ids import new_id

ONE, MEMBERS = "/communities/{community_id}", "/communities/{community_id}/members"
REQUESTS, BANS = "/communities/{community_id}/requests", "/communities/{community_id}/bans"
INSIDE = [ONE, MEMBERS, REQUESTS, BANS]


class TestCursors:
    """S-45: a cursor of somebody else, of another list or another tenant is refused before anything is read."""

    @pytest.fixture
    def circle(self, plaza):
        circle = found(plaza, **PRIVATE)
        for _ in range(3):
            circle.member()
        return circle

    @pytest.fixture
    def cursor(self, circle):
        return view(circle, MEMBERS, circle.leader, limit="2").body["cursor"]

    def refused(self, reply, made):
        assert (reply.status, reply.body["code"]) == (400, "foreign_cursor")
        assert made == []

    def test_s_45_another_viewer_s(self, plaza, circle, cursor):
        member = circle.member("Cy")
        for who in (member, profiled(plaza)):
            with round_trips() as made:
                reply = view(circle, MEMBERS, who, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_list_s(self, plaza, circle, cursor):
        other = found(plaza, circle.leader)
        for where, route in ((other, MEMBERS), (circle, REQUESTS), (circle, BANS)):
            with round_trips() as made:
                reply = view(where, route, circle.leader, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_tenant_s(self, circle, cursor):
        with round_trips() as made:
            there = acting("leader", circle.leader, tenant_id=OTHER)
            reply = ask(MEMBERS, circle.path(), **there, query={"cursor": cursor})
        self.refused(reply, made)

    @pytest.mark.parametrize("forge", [lambda text: text[:-1], lambda text: "x" + text, lambda _: "x"])
    def test_s_45_a_tampered_one(self, circle, cursor, forge):
        with round_trips() as made:
            reply = view(circle, MEMBERS, circle.leader, cursor=forge(cursor))
        self.refused(reply, made)

    def test_ends_with_the_membership(self, circle):
        emily = circle.member()
        mine = view(circle, MEMBERS, emily, "consumer", limit="2").body["cursor"]
        assert view(circle, MEMBERS, emily, "consumer", limit="2", cursor=mine).status == 200
        circle.by_leader(ban, emily)
        assert view(circle, MEMBERS, emily, "consumer", limit="2", cursor=mine).status == 404

    def test_of_lists_of_one_s_own(self, plaza):
        lea = plaza.leader()
        for _ in range(2):
            found(plaza, lea)
        for route in ("/communities", "/me/communities", "/me/own-communities"):
            cursor = ask(route, **acting("leader", lea), query={"limit": "1"}).body["cursor"]
            with round_trips() as made:
                other = ask(route, **acting("leader", new_id()), query={"cursor": cursor})
            self.refused(other, made)
