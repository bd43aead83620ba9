from support.command_contract import CommandContract
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call
from troupe.ids import new_id

delete = Call("delete_role", "DELETE /roles/{role_id}")
assign = Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")
revoke = Call("revoke_role", "DELETE /users/{user_id}/roles/{role_id}")


def test_manners(tenant):
    role = tenant.role()
    assert CommandContract(delete, {"role_id": role}, "role:delete").check().body == {
        "id": role,
        "version": 2,
    }


def test_it_grants_nothing_any_more_and_its_name_is_free(tenant):
    role = tenant.role("Editors")
    delete({"role_id": role})
    assert tenant.granted() == {}
    assert stored_events("role.deleted")[0].aggregate_id == role
    assert tenant.role("Editors") != role


def test_twice_is_once(tenant):
    role = tenant.role()
    assert [delete({"role_id": role}).body["version"] for _ in range(2)] == [2, 2]


def test_a_held_role_is_not_deleted(tenant):
    role, who = tenant.role(), tenant.person()
    assign({"user_id": who, "role_id": role})
    reply = delete({"role_id": role})
    assert (reply.status, reply.body["code"]) == (409, "role_in_use")
    assert role in tenant.granted()
    revoke({"user_id": who, "role_id": role})
    assert delete({"role_id": role}).status == 200


def test_a_role_that_is_given_meanwhile_stays(tenant):
    role, who = tenant.role(), tenant.person()
    with before_next_write(lambda: assign({"user_id": who, "role_id": role})):
        assert delete({"role_id": role}).body["code"] == "role_in_use"
    assert (tenant.holders(role), role in tenant.granted()) == (1, True)


def test_only_the_tenant_s_own(tenant):
    assert [delete({"role_id": role}).status for role in (new_id(), "owner")] == [404, 404]
