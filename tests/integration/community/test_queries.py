"""Queries of communities and members, page by page; a private community is not found by others."""

import pytest

from support.community.communities import (
    PRIVATE,
    ban,
    crowd,
    delete,
    found,
    profiled,
    set_role,
    transfer,
    update,
    view,
)
from support.community.tenant import ask
from support.dynamodb import round_trips, stored_items
from support.principals import acting
from support.spec import OTHER
from troupe.ids import new_id

ONE, MEMBERS = "/communities/{community_id}", "/communities/{community_id}/members"
REQUESTS, BANS = "/communities/{community_id}/requests", "/communities/{community_id}/bans"
INSIDE = [ONE, MEMBERS, REQUESTS, BANS]


def names(reply):
    assert reply.status == 200, reply.body
    return [item["name"] for item in reply.body["items"]]


def user_ids(reply):
    assert reply.status == 200, reply.body
    return [item["user_id"] for item in reply.body["items"]]


class TestOne:
    def test_as_it_is_set(self, tenant):
        community = found(tenant, rules=["Be kind."], limits={"minimum_age": 16, "countries": ["DE"]})
        emily = crowd(tenant, 1)[0]
        reply = view(community, ONE, emily, "consumer")
        assert reply.version == 1
        assert reply.body.pop("created_at")
        assert reply.body == {
            "id": community.id,
            "name": "Sourdough Circle",
            "description": "",
            "purpose": "",
            "branding": {"logo_url": None, "banner_url": None, "color": None},
            "visibility": "public",
            "rules": ["Be kind."],
            "posting": "members",
            "moderation_required": False,
            "limits": {"minimum_age": 16, "countries": ["DE"], "member_cap": None},
            "owner_id": community.leader,
            "members": 1,
            "membership": None,
        }
        community.join(emily)
        reply = view(community, ONE, emily, "consumer")
        assert reply.body["members"] == 2
        assert reply.body["membership"] == {"status": "active", "role": "member", "leads": False}
        own = view(community, ONE, community.leader).body["membership"]
        assert own == {"status": "active", "role": "moderator", "leads": True}

    def test_is_one_read(self, tenant):
        community = found(tenant)
        with round_trips() as made:
            view(community, ONE, community.leader)
        assert made == ["BatchGetItem"]

    def test_a_supplier_reads_public_ones(self, tenant):
        assert view(found(tenant), ONE, new_id(), "supplier").status == 200

    def test_needs_the_permission(self, tenant):
        community = found(tenant)
        reply = ask(ONE, community.path(), principal=community.leader, permissions=frozenset())
        assert (reply.status, reply.body["code"]) == (403, "permission_required")


class TestPrivate:
    @pytest.fixture
    def community(self, tenant):
        return found(tenant, **PRIVATE)

    @pytest.mark.parametrize("route", INSIDE)
    def test_s_40_only_members_find_a_private_community(self, tenant, community, route):
        """S-40: a guessed id answers as an unknown one, for every caller."""
        asking, gone, banned, outsider = crowd(tenant, 4)
        community.join(asking)
        for each in (gone, banned):
            community.admit(each)
        community.leave(gone)
        community.by_leader(ban, banned)
        nothing = ask(route, {"community_id": new_id()}, **acting("leader", outsider))
        for each in (asking, gone, banned, outsider):
            reply = view(community, route, each)
            assert (reply.status, reply.body) == (404, nothing.body)
        assert view(community, route, community.leader).status == 200
        assert view(community, route, tenant.admin(), "admin").status == 200
        there = acting("leader", community.leader, tenant_id=OTHER)
        assert ask(route, community.path(), **there).status == 404

    def test_s_40_a_silent_member_can_be_removed(self, tenant, community):
        """S-40: and sees nothing from then on."""
        silent = community.member()
        assert view(community, ONE, silent, "consumer").status == 200
        community.by_leader(ban, silent)
        assert view(community, ONE, silent, "consumer").status == 404
        assert user_ids(view(community, MEMBERS, community.leader)) == [community.leader]

    def test_s_40_is_in_no_list_but_its_members(self, tenant, community):
        emily, outsider = community.member(), profiled(tenant)
        for each in (emily, outsider, community.leader):
            assert names(ask("/communities", **acting("consumer", each))) == []
        assert names(ask("/me/communities", **acting("consumer", emily))) == ["Sourdough Circle"]
        assert names(ask("/me/led-communities", **acting("leader", community.leader))) == ["Sourdough Circle"]
        for route in ("/me/communities", "/me/led-communities"):
            assert names(ask(route, **acting("leader", outsider))) == []

    def test_s_40_shows_who_asks_nothing_but_that_they_asked(self, tenant, community):
        asking = profiled(tenant)
        community.join(asking)
        (row,) = ask("/me/communities", **acting("consumer", asking)).body["items"]
        assert (row["community_id"], row["status"]) == (community.id, "pending")
        assert (row["name"], row["logo_url"]) == (None, None)

    def test_leaves_the_public_list_when_it_becomes_private(self, tenant):
        community, outsider = found(tenant), profiled(tenant)
        assert names(ask("/communities", **acting("consumer", outsider))) == ["Sourdough Circle"]
        community.by_leader(update, body=PRIVATE)
        assert names(ask("/communities", **acting("consumer", outsider))) == []


class TestLists:
    def test_public_ones_newest_first_page_by_page(self, tenant):
        lea = tenant.leader()
        for name in ("One", "Two", "Three"):
            found(tenant, lea, name=name)
        who = acting("consumer", lea)
        first = ask("/communities", **who, query={"limit": "2"})
        assert names(first) == ["Three", "Two"]
        second = ask("/communities", **who, query={"limit": "2", "cursor": first.body["cursor"]})
        assert (names(second), second.body["cursor"]) == (["One"], None)

    def test_a_full_last_page_has_no_cursor(self, tenant):
        """S-44."""
        lea = tenant.leader()
        for _ in range(2):
            found(tenant, lea)
        reply = ask("/communities", **acting("consumer", lea), query={"limit": "2"})
        assert (len(reply.body["items"]), reply.body["cursor"]) == (2, None)

    def test_deleted_ones_are_in_none(self, tenant):
        community = found(tenant)
        emily = community.member()
        community.by_leader(delete)
        for route in ("/communities", "/me/communities", "/me/led-communities"):
            for who in (emily, community.leader):
                assert names(ask(route, **acting("leader", who))) == []

    def test_one_s_memberships_have_the_names_of_today(self, tenant):
        community = found(tenant, branding={"logo_url": "https://x.example/l.png"})
        emily = community.member()
        community.by_leader(update, body={"name": "Rye"})
        (row,) = ask("/me/communities", **acting("consumer", emily)).body["items"]
        assert row.pop("since")
        assert row == {
            "community_id": community.id,
            "name": "Rye",
            "logo_url": "https://x.example/l.png",
            "visibility": "public",
            "status": "active",
            "role": "member",
            "leads": False,
        }
        community.leave(emily)
        assert names(ask("/me/communities", **acting("consumer", emily))) == []

    def test_one_s_memberships_are_one_query_and_one_batch(self, tenant):
        community = found(tenant)
        with round_trips() as made:
            ask("/me/communities", **acting("leader", community.leader))
        assert made == ["Query", "BatchGetItem"]

    def test_what_one_owns_follows_a_transfer(self, tenant):
        community, heir = found(tenant), tenant.leader("Max")
        community.admit(heir)
        community.by_leader(transfer, body={"user_id": heir})
        assert names(ask("/me/led-communities", **acting("leader", heir))) == ["Sourdough Circle"]
        assert names(ask("/me/led-communities", **acting("leader", community.leader))) == []


class TestPeople:
    def test_members_newest_first_with_their_roles(self, tenant):
        community = found(tenant)
        emily, ben = community.member("Emily"), community.member("Ben")
        community.by_leader(set_role, ben)
        reply = view(community, MEMBERS, emily, "consumer")
        shown = [(row["user_id"], row["display_name"], row["role"]) for row in reply.body["items"]]
        assert shown[:2] == [(ben, "Ben", "moderator"), (emily, "Emily", "member")]
        assert [each[0] for each in shown[2:]] == [community.leader]

    def test_who_asks_stands_in_the_order_of_asking(self, tenant):
        community = found(tenant, **PRIVATE)
        waiting = crowd(tenant, 3)
        for each in waiting:
            community.join(each)
        first = view(community, REQUESTS, community.leader, limit="2")
        assert user_ids(first) == waiting[:2]
        more = view(community, REQUESTS, community.leader, limit="2", cursor=first.body["cursor"])
        assert user_ids(more) == waiting[2:]

    def test_who_is_banned_stands_with_the_reason(self, tenant):
        community = found(tenant)
        emily = community.member()
        community.by_leader(ban, emily)
        (row,) = view(community, BANS, community.leader).body["items"]
        assert (row["user_id"], row["reason"]) == (emily, "spam")
        assert emily not in user_ids(view(community, MEMBERS, community.leader))

    @pytest.mark.parametrize("route", [REQUESTS, BANS])
    def test_requests_and_bans_are_for_moderators(self, tenant, route):
        community = found(tenant)
        emily, ben = community.member(), community.member("Ben", role="moderator")
        reply = view(community, route, emily)
        assert (reply.status, reply.body["code"]) == (403, "moderator_required")
        assert view(community, route, ben, "consumer").status == 200


def test_nothing_is_written_by_asking(tenant):
    community = found(tenant)
    before = stored_items()
    for route in INSIDE:
        view(community, route, community.leader)
    assert stored_items() == before
