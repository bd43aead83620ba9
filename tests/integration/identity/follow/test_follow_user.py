import pytest

from identity.follow import transactions
from identity.follow.decider import FOLLOW, Following, pair
from support.identity.tenant import Call, Manners, happened, meanwhile
from support.spec import OTHER
from troupe.edge.pages import List
from troupe.ids import new_id
from troupe.store import keys, reads
from troupe.store.transact import load

follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")
suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})


def counts(town, who):
    tally = reads.one(transactions.tally(town.tenant_id, who)) or {}
    return tally.get("followers", 0), tally.get("following", 0)


def listed(town, name, who, index):
    rows = List(tenant_id=town.tenant_id, pk=keys.listing(town.tenant_id, f"{name}#{who}"), index=index)
    return [item["summary"] for item in rows.page(10).items]


def test_manners_but_for_a_version_which_a_new_follow_has_not(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    reply = Manners(follow, {"user_id": bob}, "user:follow", {"principal": ann}, stale=False).check()
    assert reply.body == {"id": f"{ann}:{bob}", "version": 1}


def test_both_sides_count_and_list_it(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    follow({"user_id": bob}, principal=ann)
    assert (counts(town, ann), counts(town, bob)) == ((0, 1), (1, 0))
    (of_bob,), (by_ann,) = listed(town, "FOLLOWERS", bob, "GSI1"), listed(town, "FOLLOWING", ann, "GSI2")
    assert of_bob["follower"]["display_name"] == "Ann"
    assert by_ann["followee"] == {"id": bob, "display_name": "Bob", "avatar_url": None}
    (told,) = happened("user.followed")
    assert (told.aggregate, told.aggregate_id) == ("follow", pair(ann, bob))
    assert isinstance(load(town.tenant_id, FOLLOW, pair(ann, bob)).state, Following)


def test_twice_is_once(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    assert [follow({"user_id": bob}, principal=ann).body["version"] for _ in range(2)] == [1, 1]
    assert counts(town, bob) == (1, 0)


def test_two_at_once_count_once(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    with meanwhile(lambda: follow({"user_id": bob}, principal=ann)):
        assert follow({"user_id": bob}, principal=ann).body["version"] == 1
    assert (counts(town, ann), counts(town, bob)) == ((0, 1), (1, 0))


def test_again_after_it_ended(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    follow({"user_id": bob}, principal=ann)
    unfollow({"user_id": bob}, principal=ann)
    assert follow({"user_id": bob}, principal=ann).body["version"] == 3
    assert counts(town, bob) == (1, 0)


def test_nobody_follows_themselves(town):
    ann = town.person()
    reply = follow({"user_id": ann}, principal=ann)
    assert (reply.status, reply.body["code"]) == (409, "follows_oneself")
    assert counts(town, ann) == (0, 0)


@pytest.mark.parametrize("status", ["pending", "suspended"])
def test_both_must_be_active(town, status):
    ann, other = town.person(), town.person(status=status)
    for follower, followee in ((ann, other), (other, ann)):
        reply = follow({"user_id": followee}, principal=follower)
        assert (reply.status, reply.body["code"]) == (409, "user_not_active")


def test_who_is_suspended_meanwhile_is_not_followed(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    with meanwhile(lambda: suspend({"user_id": bob})):
        assert follow({"user_id": bob}, principal=ann).body["code"] == "user_not_active"
    assert (counts(town, ann), happened("user.followed")) == ((0, 0), [])


def test_only_who_is_there(town):
    ann, gone = town.person(), town.person(status="deleted")
    assert [follow({"user_id": who}, principal=ann).status for who in (new_id(), gone, "x")] == [404] * 3
    assert follow({"user_id": ann}, tenant_id=OTHER).status == 404
