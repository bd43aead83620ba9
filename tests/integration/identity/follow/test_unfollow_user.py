from support.command_contract import CommandContract
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call
from troupe.edge.pages import List
from troupe.ids import new_id
from troupe.store import keys

follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")


def test_manners(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    reply = CommandContract(unfollow, {"user_id": bob}, "user:follow", {"principal": ann}).check()
    assert reply.body == {"id": f"{ann}:{bob}", "version": 2}


def test_it_is_gone_from_both_lists(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    unfollow({"user_id": bob}, principal=ann)
    for name, who, index in (("FOLLOWERS", bob, "GSI1"), ("FOLLOWING", ann, "GSI2")):
        pk = keys.listing(tenant.tenant_id, f"{name}#{who}")
        assert List(tenant_id=tenant.tenant_id, pk=pk, index=index).page(10).items == ()
    assert stored_events("user.unfollowed")[0].data["followee_id"] == bob


def test_twice_is_once_even_at_once(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    with before_next_write(lambda: unfollow({"user_id": bob}, principal=ann)):
        assert unfollow({"user_id": bob}, principal=ann).body["version"] == 2
    assert unfollow({"user_id": bob}, principal=ann).body["version"] == 2


def test_a_deleted_user_can_be_unfollowed(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    follow({"user_id": bob}, principal=ann)
    Call("delete_user", "DELETE /users/{user_id}")({"user_id": bob})
    assert unfollow({"user_id": bob}, principal=ann).status == 200


def test_what_never_was_is_unknown(tenant):
    assert unfollow({"user_id": new_id()}, principal=tenant.person()).status == 404
