from support.identity.tenant import Call, Manners, happened, meanwhile
from troupe.ids import new_id

delete = Call("delete_role", "DELETE /roles/{role_id}")
assign = Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")
revoke = Call("revoke_role", "DELETE /users/{user_id}/roles/{role_id}")


def test_manners(town):
    role = town.role()
    assert Manners(delete, {"role_id": role}, "role:delete").check().body == {"id": role, "version": 2}


def test_it_grants_nothing_any_more_and_its_name_is_free(town):
    role = town.role("Editors")
    delete({"role_id": role})
    assert town.granted() == {}
    assert happened("role.deleted")[0].aggregate_id == role
    assert town.role("Editors") != role


def test_twice_is_once(town):
    role = town.role()
    assert [delete({"role_id": role}).body["version"] for _ in range(2)] == [2, 2]


def test_a_role_that_somebody_holds_stays(town):
    role, who = town.role(), town.person()
    assign({"user_id": who, "role_id": role})
    reply = delete({"role_id": role})
    assert (reply.status, reply.body["code"]) == (409, "role_in_use")
    assert role in town.granted()
    revoke({"user_id": who, "role_id": role})
    assert delete({"role_id": role}).status == 200


def test_a_role_that_is_given_meanwhile_stays(town):
    role, who = town.role(), town.person()
    with meanwhile(lambda: assign({"user_id": who, "role_id": role})):
        assert delete({"role_id": role}).body["code"] == "role_in_use"
    assert (town.holders(role), role in town.granted()) == (1, True)


def test_only_the_tenant_s_own(town):
    assert [delete({"role_id": role}).status for role in (new_id(), "owner")] == [404, 404]
