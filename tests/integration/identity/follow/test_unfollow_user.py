from identity.follow import transactions
from support.identity.tenant import Call, Manners, happened, meanwhile
from troupe.edge.pages import List
from troupe.ids import new_id
from troupe.store import keys, reads

follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")


def test_manners(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    follow({"user_id": bob}, principal=ann)
    reply = Manners(unfollow, {"user_id": bob}, "user:follow", {"principal": ann}).check()
    assert reply.body == {"id": f"{ann}:{bob}", "version": 2}


def test_it_is_gone_from_both_lists_and_counts(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    follow({"user_id": bob}, principal=ann)
    unfollow({"user_id": bob}, principal=ann)
    for name, who, index in (("FOLLOWERS", bob, "GSI1"), ("FOLLOWING", ann, "GSI2")):
        pk = keys.listing(town.tenant_id, f"{name}#{who}")
        assert List(tenant_id=town.tenant_id, pk=pk, index=index).page(10).items == ()
    assert reads.one(transactions.tally(town.tenant_id, bob))["followers"] == 0
    assert reads.one(transactions.tally(town.tenant_id, ann))["following"] == 0
    assert happened("user.unfollowed")[0].data["followee_id"] == bob


def test_twice_is_once_even_at_once(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    follow({"user_id": bob}, principal=ann)
    with meanwhile(lambda: unfollow({"user_id": bob}, principal=ann)):
        assert unfollow({"user_id": bob}, principal=ann).body["version"] == 2
    assert unfollow({"user_id": bob}, principal=ann).body["version"] == 2
    assert reads.one(transactions.tally(town.tenant_id, bob))["followers"] == 0


def test_even_somebody_who_is_gone_can_be_unfollowed(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    follow({"user_id": bob}, principal=ann)
    Call("delete_user", "DELETE /users/{user_id}")({"user_id": bob})
    assert unfollow({"user_id": bob}, principal=ann).status == 200


def test_what_never_was_is_unknown(town):
    assert unfollow({"user_id": new_id()}, principal=town.person()).status == 404
