from identity.user.routes import suspend_user as handler
from support.command_contract import CommandContract, caller
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call
from support.spec import LAMBDA, OTHER, TENANT
from troupe.ids import new_id

suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})


def test_manners(tenant):
    who = tenant.person()
    reply = CommandContract(suspend, {"user_id": who}, "user:suspend").check()
    assert reply.body == {"id": who, "version": 3}
    assert reply.headers["etag"] == '"3"'


def test_a_suspension_says_why_and_ends_every_session(tenant):
    who = tenant.person()
    before = tenant.credential(who).epoch
    assert suspend({"user_id": who}).status == 200
    assert (tenant.user(who).state.status, tenant.user(who).state.suspended_reason) == ("suspended", "spam")
    assert (tenant.credential(who).status, tenant.credential(who).epoch) == ("suspended", before + 1)
    (told,) = stored_events("user.suspended")
    assert (told.data, told.actor, told.aggregate) == ({"reason": "spam"}, caller()["principal"], "user")


def test_twice_is_once(tenant):
    who = tenant.person()
    assert [suspend({"user_id": who}).body["version"] for _ in range(2)] == [3, 3]
    assert len(stored_events("user.suspended")) == 1


def test_who_never_confirmed_cannot_be_suspended(tenant):
    reply = suspend({"user_id": tenant.person(status="pending")})
    assert (reply.status, reply.body["code"]) == (409, "invalid_transition")


def test_unknown_and_deleted_users_are_not_found(tenant):
    gone = tenant.person(status="deleted")
    assert [suspend({"user_id": who}).status for who in (new_id(), gone, "x")] == [404, 404, 404]


def test_a_reason_is_needed(tenant):
    who = tenant.person()
    reply = suspend({"user_id": who}, body={"reason": " "})
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "reason")


def test_an_admin_does_not_suspend_an_owner(tenant):
    owner = tenant.person(roles=("owner",))
    tenant.person(roles=("owner",))
    reply = suspend({"user_id": owner}, **caller(new_id(), "admin"))
    assert (reply.status, reply.body["code"]) == (403, "owner_protected")
    assert suspend({"user_id": owner}, **caller(new_id(), "owner")).status == 200
    assert tenant.owners() == 1


def test_the_last_owner_stays(tenant):
    owner = tenant.person(roles=("owner",))
    reply = suspend({"user_id": owner})
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert (tenant.user(owner).state.status, tenant.credential(owner).status) == ("active", "active")


def test_of_the_last_two_owners_who_are_suspended_at_once_one_stays(tenant):
    first, second = tenant.person(roles=("owner",)), tenant.person(roles=("owner",))
    with before_next_write(lambda: suspend({"user_id": second})):
        reply = suspend({"user_id": first})
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert [tenant.user(each).state.status for each in (first, second)] == ["active", "suspended"]
    assert tenant.owners() == 1


def test_a_flow_may_suspend_too(tenant):
    who = tenant.person()
    asked = {"tenant_id": TENANT, "path": {"user_id": who}, "body": {"reason": "fraud"}, "actor": "flow"}
    assert handler(asked, LAMBDA) == {"id": who, "version": 3}
    assert stored_events("user.suspended")[0].actor == "flow"


def test_another_tenant_s_person_is_unknown(tenant):
    assert suspend({"user_id": tenant.person()}, tenant_id=OTHER).status == 404
