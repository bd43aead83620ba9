from support.identity.tenant import Call, Manners, happened
from troupe.ids import new_id

reactivate = Call("reactivate_user", "POST /users/{user_id}/reactivate")


def test_manners(town):
    who = town.person(status="suspended")
    assert Manners(reactivate, {"user_id": who}, "user:reactivate").check().body == {"id": who, "version": 4}


def test_a_suspension_is_lifted_and_its_reason_forgotten(town):
    who = town.person(status="suspended")
    reactivate({"user_id": who})
    assert (town.user(who).state.status, town.user(who).state.suspended_reason) == ("active", None)
    assert town.credential(who).status == "active"
    assert len(happened("user.reactivated")) == 1


def test_an_owner_counts_again(town):
    town.person(roles=("owner",))
    owner = town.person(status="suspended", roles=("owner",))
    assert town.owners() == 1
    reactivate({"user_id": owner})
    assert town.owners() == 2


def test_who_is_active_stays_active(town):
    who = town.person()
    assert reactivate({"user_id": who}).body["version"] == 2
    assert not happened("user.reactivated")


def test_who_is_pending_verifies_the_address_instead(town):
    reply = reactivate({"user_id": town.person(status="pending")})
    assert (reply.status, reply.body["code"]) == (409, "invalid_transition")


def test_nobody_and_the_deleted_are_unknown(town):
    gone = town.person(status="deleted")
    assert [reactivate({"user_id": who}).status for who in (new_id(), gone)] == [404, 404]
