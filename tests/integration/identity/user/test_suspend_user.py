from identity.user.routes import suspend_user as handler
from support.identity.tenant import Call, Manners, by, happened, meanwhile
from support.spec import LAMBDA, OTHER, TENANT
from troupe.ids import new_id

suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})


def test_manners(town):
    who = town.person()
    reply = Manners(suspend, {"user_id": who}, "user:suspend").check()
    assert reply.body == {"id": who, "version": 3}
    assert reply.headers["etag"] == '"3"'


def test_a_suspension_says_why_and_ends_every_session(town):
    who = town.person()
    before = town.credential(who).epoch
    assert suspend({"user_id": who}).status == 200
    assert (town.user(who).state.status, town.user(who).state.suspended_reason) == ("suspended", "spam")
    assert (town.credential(who).status, town.credential(who).epoch) == ("suspended", before + 1)
    (told,) = happened("user.suspended")
    assert (told.data, told.actor, told.aggregate) == ({"reason": "spam"}, by()["principal"], "user")


def test_twice_is_once(town):
    who = town.person()
    assert [suspend({"user_id": who}).body["version"] for _ in range(2)] == [3, 3]
    assert len(happened("user.suspended")) == 1


def test_who_never_confirmed_cannot_be_suspended(town):
    reply = suspend({"user_id": town.person(status="pending")})
    assert (reply.status, reply.body["code"]) == (409, "invalid_transition")


def test_nobody_and_the_deleted_are_unknown(town):
    gone = town.person(status="deleted")
    assert [suspend({"user_id": who}).status for who in (new_id(), gone, "x")] == [404, 404, 404]


def test_a_reason_is_needed(town):
    who = town.person()
    reply = suspend({"user_id": who}, body={"reason": " "})
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "reason")


def test_an_admin_does_not_suspend_an_owner(town):
    owner = town.person(roles=("owner",))
    town.person(roles=("owner",))
    reply = suspend({"user_id": owner}, **by(new_id(), "admin"))
    assert (reply.status, reply.body["code"]) == (403, "owner_protected")
    assert suspend({"user_id": owner}, **by(new_id(), "owner")).status == 200
    assert town.owners() == 1


def test_the_last_owner_stays(town):
    owner = town.person(roles=("owner",))
    reply = suspend({"user_id": owner})
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert (town.user(owner).state.status, town.credential(owner).status) == ("active", "active")


def test_of_the_last_two_owners_who_are_suspended_at_once_one_stays(town):
    first, second = town.person(roles=("owner",)), town.person(roles=("owner",))
    with meanwhile(lambda: suspend({"user_id": second})):
        reply = suspend({"user_id": first})
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert [town.user(each).state.status for each in (first, second)] == ["active", "suspended"]
    assert town.owners() == 1


def test_a_flow_may_suspend_too(town):
    who = town.person()
    asked = {"tenant_id": TENANT, "path": {"user_id": who}, "body": {"reason": "fraud"}, "actor": "flow"}
    assert handler(asked, LAMBDA) == {"id": who, "version": 3}
    assert happened("user.suspended")[0].actor == "flow"


def test_another_tenant_s_person_is_unknown(town):
    assert suspend({"user_id": town.person()}, tenant_id=OTHER).status == 404
