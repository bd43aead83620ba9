import pytest

from support.command_contract import CommandContract, caller
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call
from support.spec import ANN
from troupe.ids import new_id

revoke = Call("revoke_role", "DELETE /users/{user_id}/roles/{role_id}")


def test_manners(tenant):
    path = {"user_id": tenant.person(roles=("admin",)), "role_id": "admin"}
    assert CommandContract(revoke, path, "role:revoke").check().body == {"id": path["user_id"], "version": 3}


def test_a_role_is_taken_where_one_signs_in_too(tenant):
    role = tenant.role()
    who = tenant.person(roles=(role, "admin"))
    revoke({"user_id": who, "role_id": role})
    assert tenant.user(who).state.roles == tenant.credential(who).roles == ("consumer", "admin")
    assert stored_events("user.role_revoked")[0].data == {"role": role}
    assert tenant.holders(role) == 0


def test_what_one_does_not_have_is_no_event(tenant):
    who = tenant.person()
    assert revoke({"user_id": who, "role_id": "admin"}).body["version"] == 2


def test_the_last_owner_stays_one(tenant):
    owner = tenant.person(roles=("owner",))
    reply = revoke({"user_id": owner, "role_id": "owner"}, **caller(owner, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert tenant.credential(owner).roles == ("consumer", "owner")


def test_of_the_last_two_owners_who_step_down_at_once_one_stays(tenant):
    ann, bob = tenant.person("Ann", roles=("owner",)), tenant.person("Bob", roles=("owner",))
    with before_next_write(lambda: revoke({"user_id": bob, "role_id": "owner"}, **caller(bob, "owner"))):
        reply = revoke({"user_id": ann, "role_id": "owner"}, **caller(ann, "owner"))
    assert reply.body["code"] == "last_owner"
    assert [tenant.user(each).state.roles[1:] for each in (ann, bob)] == [("owner",), ()]
    assert tenant.owners() == 1


def test_a_suspended_owner_s_role_goes_without_touching_the_count(tenant):
    tenant.person(roles=("owner",))
    who = tenant.person(status="suspended", roles=("owner",))
    assert revoke({"user_id": who, "role_id": "owner"}).status == 200
    assert tenant.owners() == 1


def test_an_admin_does_not_take_a_role_that_allows_more(tenant):
    tenant.person(roles=("owner",))
    owner = tenant.person(roles=("owner",))
    reply = revoke({"user_id": owner, "role_id": "owner"}, **caller(ANN, "admin"))
    assert (reply.status, reply.body["code"]) == (403, "permission_escalation")


@pytest.mark.parametrize("role", ["consumer", "leader", "staff"])
def test_a_role_that_follows_from_the_kind_is_not_taken(tenant, role):
    reply = revoke({"user_id": tenant.person(), "role_id": role})
    assert (reply.status, reply.body["code"]) == (409, "role_not_assignable")


def test_a_role_and_a_person_that_are_there(tenant):
    for path in (
        {"user_id": tenant.person(), "role_id": new_id()},
        {"user_id": tenant.person(), "role_id": "boss"},
        {"user_id": new_id(), "role_id": "admin"},
    ):
        assert revoke(path).status == 404
