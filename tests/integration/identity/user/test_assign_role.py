import pytest

from support.command_contract import CommandContract, caller
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call
from support.spec import ANN
from troupe.ids import new_id

assign = Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")
delete_role = Call("delete_role", "DELETE /roles/{role_id}")
update_role = Call("update_role", "PATCH /roles/{role_id}")
suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})


def test_manners(tenant):
    path = {"user_id": tenant.person(), "role_id": "admin"}
    assert CommandContract(assign, path, "role:assign").check().body == {"id": path["user_id"], "version": 3}


def test_a_role_is_mirrored_where_one_signs_in(tenant):
    who, role = tenant.person(), tenant.role()
    assign({"user_id": who, "role_id": "admin"})
    assign({"user_id": who, "role_id": role})
    assert tenant.user(who).state.roles == tenant.credential(who).roles == ("consumer", "admin", role)
    assert [each.data["role"] for each in stored_events("user.role_assigned")] == ["admin", role]
    assert tenant.holders(role) == 1


def test_twice_is_once(tenant):
    who, role = tenant.person(), tenant.role()
    assert [assign({"user_id": who, "role_id": role}).body["version"] for _ in range(2)] == [3, 3]
    assert tenant.holders(role) == 1


def test_another_owner_counts(tenant):
    tenant.person(roles=("owner",))
    assert assign({"user_id": tenant.person(), "role_id": "owner"}, **caller(ANN, "owner")).status == 200
    assert tenant.owners() == 2


def test_a_user_grants_only_permissions_that_they_hold(tenant):
    who, strong = tenant.person(), tenant.role("Strong", "tenant:cancel")
    for role in ("owner", strong):
        reply = assign({"user_id": who, "role_id": role}, **caller(ANN, "admin"))
        assert (reply.status, reply.body["code"]) == (403, "permission_escalation")
    assert assign({"user_id": who, "role_id": "admin"}, **caller(ANN, "admin")).status == 200


@pytest.mark.parametrize("role", ["consumer", "leader", "staff", "supplier", "operator"])
def test_a_role_that_follows_from_the_kind_is_not_given(tenant, role):
    reply = assign({"user_id": tenant.person(), "role_id": role})
    assert (reply.status, reply.body["code"]) == (409, "role_not_assignable")


@pytest.mark.parametrize("status", ["pending", "suspended"])
def test_only_who_is_active_is_given_one(tenant, status):
    reply = assign({"user_id": tenant.person(status=status), "role_id": "admin"})
    assert (reply.status, reply.body["code"]) == (409, "user_not_active")


def test_a_role_and_a_person_that_are_there(tenant):
    who, gone = tenant.person(), tenant.role()
    delete_role({"role_id": gone})
    for path in (
        {"user_id": who, "role_id": gone},
        {"user_id": who, "role_id": new_id()},
        {"user_id": who, "role_id": "Owner"},
        {"user_id": new_id(), "role_id": "admin"},
        {"user_id": tenant.person(status="deleted"), "role_id": "admin"},
    ):
        assert assign(path).status == 404


def test_a_role_that_goes_meanwhile_is_unknown(tenant):
    who, role = tenant.person(), tenant.role()
    with before_next_write(lambda: delete_role({"role_id": role})):
        assert assign({"user_id": who, "role_id": role}).status == 404
    assert tenant.user(who).state.roles == ("consumer",)


def test_a_role_that_grows_meanwhile_is_looked_at_again(tenant):
    who, role = tenant.person(), tenant.role()
    with before_next_write(lambda: update_role({"role_id": role}, body={"permissions": ["tenant:cancel"]})):
        reply = assign({"user_id": who, "role_id": role}, **caller(ANN, "admin"))
    assert reply.body["code"] == "permission_escalation"
    assert tenant.holders(role) == 0


def test_who_is_suspended_meanwhile_is_given_none(tenant):
    tenant.person(roles=("owner",))
    who = tenant.person()
    with before_next_write(lambda: suspend({"user_id": who})):
        assert assign({"user_id": who, "role_id": "owner"}).body["code"] == "user_not_active"
    assert tenant.owners() == 1
