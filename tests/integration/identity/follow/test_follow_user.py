import pytest

from identity.follow.decider import FOLLOW, Following, pair
from support.command_contract import CommandContract
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call
from support.spec import OTHER
from troupe.edge.pages import List
from troupe.ids import new_id
from troupe.store import keys
from troupe.store.transact import load

follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")
suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})


def listed(tenant, name, who, index):
    rows = List(tenant_id=tenant.tenant_id, pk=keys.listing(tenant.tenant_id, f"{name}#{who}"), index=index)
    return [item["summary"] for item in rows.page(10).items]


def test_manners_but_for_a_version_which_a_new_follow_has_not(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    reply = CommandContract(follow, {"user_id": bob}, "user:follow", {"principal": ann}, stale=False).check()
    assert reply.body == {"id": f"{ann}:{bob}", "version": 1}


def test_both_sides_list_it(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    (of_bob,), (by_ann,) = listed(tenant, "FOLLOWERS", bob, "GSI1"), listed(tenant, "FOLLOWING", ann, "GSI2")
    assert of_bob["follower"]["display_name"] == "Ann"
    assert by_ann["followee"] == {"id": bob, "display_name": "Bob", "avatar_url": None}
    (told,) = stored_events("user.followed")
    assert (told.aggregate, told.aggregate_id) == ("follow", pair(ann, bob))
    assert isinstance(load(tenant.tenant_id, FOLLOW, pair(ann, bob)).state, Following)


def test_twice_is_once(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    assert [follow({"user_id": bob}, principal=ann).body["version"] for _ in range(2)] == [1, 1]
    assert len(stored_events("user.followed")) == 1


def test_two_at_once_count_once(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    with before_next_write(lambda: follow({"user_id": bob}, principal=ann)):
        assert follow({"user_id": bob}, principal=ann).body["version"] == 1
    assert len(stored_events("user.followed")) == 1


def test_again_after_it_ended(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    unfollow({"user_id": bob}, principal=ann)
    assert follow({"user_id": bob}, principal=ann).body["version"] == 3


def test_a_user_cannot_follow_themselves(tenant):
    ann = tenant.person()
    reply = follow({"user_id": ann}, principal=ann)
    assert (reply.status, reply.body["code"]) == (409, "cannot_follow_self")
    assert stored_events("user.followed") == []


@pytest.mark.parametrize("status", ["pending", "suspended"])
def test_both_must_be_active(tenant, status):
    ann, other = tenant.person(), tenant.person(status=status)
    for follower, followee in ((ann, other), (other, ann)):
        reply = follow({"user_id": followee}, principal=follower)
        assert (reply.status, reply.body["code"]) == (409, "user_not_active")


def test_who_becomes_suspended_meanwhile_does_not_follow(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    with before_next_write(lambda: suspend({"user_id": ann})):
        assert follow({"user_id": bob}, principal=ann).body["code"] == "user_not_active"
    assert stored_events("user.followed") == []


def test_only_who_is_there(tenant):
    ann, gone = tenant.person(), tenant.person(status="deleted")
    assert [follow({"user_id": who}, principal=ann).status for who in (new_id(), gone, "x")] == [404] * 3
    assert follow({"user_id": ann}, tenant_id=OTHER).status == 404
