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
from support.dynamodb import round_trips
from support.principals import acting
from support.spec import OTHER
from troupe.ids import new_id

ONE, MEMBERS = "/communities/{community_id}", "/communities/{community_id}/members"
REQUESTS, BANS = "/communities/{community_id}/requests", "/communities/{community_id}/bans"
INSIDE = [ONE, MEMBERS, REQUESTS, BANS]


class TestCursors:
    """S-45: a cursor of another user, list or tenant is refused before anything is read."""

    @pytest.fixture
    def community(self, tenant):
        community = found(tenant, **PRIVATE)
        for _ in range(3):
            community.member()
        return community

    @pytest.fixture
    def cursor(self, community):
        return view(community, MEMBERS, community.leader, limit="2").body["cursor"]

    def refused(self, reply, made):
        assert (reply.status, reply.body["code"]) == (400, "foreign_cursor")
        assert made == []

    def test_s_45_another_viewer_s(self, tenant, community, cursor):
        member = community.member("Cy")
        for who in (member, profiled(tenant)):
            with round_trips() as made:
                reply = view(community, MEMBERS, who, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_list_s(self, tenant, community, cursor):
        other = found(tenant, community.leader)
        for where, route in ((other, MEMBERS), (community, REQUESTS), (community, BANS)):
            with round_trips() as made:
                reply = view(where, route, community.leader, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_tenant_s(self, community, cursor):
        with round_trips() as made:
            there = acting("leader", community.leader, tenant_id=OTHER)
            reply = ask(MEMBERS, community.path(), **there, query={"cursor": cursor})
        self.refused(reply, made)

    @pytest.mark.parametrize("forge", [lambda text: text[:-1], lambda text: "x" + text, lambda _: "x"])
    def test_s_45_a_tampered_one(self, community, cursor, forge):
        with round_trips() as made:
            reply = view(community, MEMBERS, community.leader, cursor=forge(cursor))
        self.refused(reply, made)

    def test_ends_with_the_membership(self, community):
        emily = community.member()
        mine = view(community, MEMBERS, emily, "consumer", limit="2").body["cursor"]
        assert view(community, MEMBERS, emily, "consumer", limit="2", cursor=mine).status == 200
        community.by_leader(ban, emily)
        assert view(community, MEMBERS, emily, "consumer", limit="2", cursor=mine).status == 404

    def test_of_lists_of_one_s_own(self, tenant):
        lea = tenant.leader()
        for _ in range(2):
            found(tenant, lea)
        for route in ("/communities", "/me/communities", "/me/led-communities"):
            cursor = ask(route, **acting("leader", lea), query={"limit": "1"}).body["cursor"]
            with round_trips() as made:
                other = ask(route, **acting("leader", new_id()), query={"cursor": cursor})
            self.refused(other, made)
