"""The data of a user that all principals of the tenant may see: the card, and who follows whom."""

import pytest

from support.command_contract import caller
from support.dynamodb import round_trips
from support.identity.tenant import Call
from support.identity.user_queries import delete, deliver, follow, get, unfollow
from troupe.ids import new_id


class TestCards:
    def test_all_users_see_a_card_and_few_see_purchases(self, tenant, ann):
        bob = tenant.person("Bob")
        follow({"user_id": ann}, principal=bob)
        deliver()
        path = {"user_id": ann}
        shown = get("/users/{user_id}/card", path, **caller(bob, "consumer")).body
        assert (shown["display_name"], shown["kind"], shown["status"]) == ("Ann", "consumer", "active")
        assert (shown["stats"]["followers"], shown["stats"]["orders"]) == (1, None)
        assert "email" not in shown
        own = get("/users/{user_id}/card", path, **caller(ann, "consumer")).body["stats"]
        inspected = get("/users/{user_id}/card", path, **caller(bob, "admin")).body["stats"]
        assert own["orders"] == inspected["orders"] == 0

    def test_a_card_is_one_read(self, ann):
        deliver()
        get("/users/{user_id}/card", {"user_id": ann})
        with round_trips() as made:
            get("/users/{user_id}/card", {"user_id": ann})
        assert made == ["BatchGetItem"]

    def test_no_card_of_who_is_gone_until_they_are_back(self, ann):
        deliver()
        delete({"user_id": ann})
        deliver()
        assert get("/users/{user_id}/card", {"user_id": ann}).status == 404
        Call("restore_user", "POST /users/{user_id}/restore")({"user_id": ann})
        deliver()
        assert get("/users/{user_id}/card", {"user_id": ann}).body["status"] == "active"

    def test_an_unknown_user_has_no_card(self, tenant):
        assert [get("/users/{user_id}/card", {"user_id": who}).status for who in (new_id(), "x")] == [404] * 2


class TestFollows:
    def test_both_sides_the_latest_first(self, tenant, ann):
        bob, cid = tenant.person("Bob"), tenant.person("Cid")
        for follower, followee in ((bob, ann), (cid, ann), (ann, cid)):
            follow({"user_id": followee}, principal=follower)
        followers = get("/users/{user_id}/followers", {"user_id": ann}).body
        assert [(row["id"], row["display_name"]) for row in followers["items"]] == [
            (cid, "Cid"),
            (bob, "Bob"),
        ]
        assert (followers["cursor"], followers["items"][0]["avatar_url"]) == (None, None)
        following = get("/users/{user_id}/following", {"user_id": ann}).body["items"]
        assert [row["id"] for row in following] == [cid]
        unfollow({"user_id": ann}, principal=cid)
        followers = get("/users/{user_id}/followers", {"user_id": ann}).body["items"]
        assert [row["id"] for row in followers] == [bob]

    def test_page_by_page(self, tenant, ann):
        for n in range(3):
            follow({"user_id": ann}, principal=tenant.person(f"P{n}"))
        first = get("/users/{user_id}/followers", {"user_id": ann}, {"limit": "2"}).body
        query = {"limit": "2", "cursor": first["cursor"]}
        second = get("/users/{user_id}/followers", {"user_id": ann}, query).body
        assert [len(page["items"]) for page in (first, second)] == [2, 1]
        foreign = get("/users/{user_id}/following", {"user_id": ann}, query)
        assert foreign.body["code"] == "foreign_cursor"

    @pytest.mark.parametrize("side", ["followers", "following"])
    def test_only_of_who_is_there(self, tenant, side):
        gone = tenant.person(status="deleted")
        replies = [get(f"/users/{{user_id}}/{side}", {"user_id": who}) for who in (new_id(), gone, "x")]
        assert [reply.status for reply in replies] == [404] * 3
