import pytest

from support.identity.tenant import Call, Manners, by, happened, meanwhile
from support.spec import ANN
from troupe.ids import new_id

assign = Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")
delete_role = Call("delete_role", "DELETE /roles/{role_id}")
update_role = Call("update_role", "PATCH /roles/{role_id}")
suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})


def test_manners(town):
    path = {"user_id": town.person(), "role_id": "admin"}
    assert Manners(assign, path, "role:assign").check().body == {"id": path["user_id"], "version": 3}


def test_a_role_is_mirrored_where_one_signs_in(town):
    who, role = town.person(), town.role()
    assign({"user_id": who, "role_id": "admin"})
    assign({"user_id": who, "role_id": role})
    assert town.user(who).state.roles == town.credential(who).roles == ("consumer", "admin", role)
    assert [each.data["role"] for each in happened("user.role_assigned")] == ["admin", role]
    assert town.holders(role) == 1


def test_twice_is_once(town):
    who, role = town.person(), town.role()
    assert [assign({"user_id": who, "role_id": role}).body["version"] for _ in range(2)] == [3, 3]
    assert town.holders(role) == 1


def test_another_owner_counts(town):
    town.person(roles=("owner",))
    assert assign({"user_id": town.person(), "role_id": "owner"}, **by(ANN, "owner")).status == 200
    assert town.owners() == 2


def test_nobody_gives_more_than_they_may(town):
    who, strong = town.person(), town.role("Strong", "tenant:cancel")
    for role in ("owner", strong):
        reply = assign({"user_id": who, "role_id": role}, **by(ANN, "admin"))
        assert (reply.status, reply.body["code"]) == (403, "beyond_your_permissions")
    assert assign({"user_id": who, "role_id": "admin"}, **by(ANN, "admin")).status == 200


@pytest.mark.parametrize("role", ["consumer", "leader", "staff", "supplier", "operator"])
def test_a_role_that_follows_from_the_kind_is_not_given(town, role):
    reply = assign({"user_id": town.person(), "role_id": role})
    assert (reply.status, reply.body["code"]) == (409, "role_not_assignable")


@pytest.mark.parametrize("status", ["pending", "suspended"])
def test_only_who_is_active_is_given_one(town, status):
    reply = assign({"user_id": town.person(status=status), "role_id": "admin"})
    assert (reply.status, reply.body["code"]) == (409, "user_not_active")


def test_a_role_and_a_person_that_are_there(town):
    who, gone = town.person(), town.role()
    delete_role({"role_id": gone})
    for path in (
        {"user_id": who, "role_id": gone},
        {"user_id": who, "role_id": new_id()},
        {"user_id": who, "role_id": "Owner"},
        {"user_id": new_id(), "role_id": "admin"},
        {"user_id": town.person(status="deleted"), "role_id": "admin"},
    ):
        assert assign(path).status == 404


def test_a_role_that_goes_meanwhile_is_unknown(town):
    who, role = town.person(), town.role()
    with meanwhile(lambda: delete_role({"role_id": role})):
        assert assign({"user_id": who, "role_id": role}).status == 404
    assert town.user(who).state.roles == ("consumer",)


def test_a_role_that_grows_meanwhile_is_looked_at_again(town):
    who, role = town.person(), town.role()
    with meanwhile(lambda: update_role({"role_id": role}, body={"permissions": ["tenant:cancel"]})):
        reply = assign({"user_id": who, "role_id": role}, **by(ANN, "admin"))
    assert reply.body["code"] == "beyond_your_permissions"
    assert town.holders(role) == 0


def test_who_is_suspended_meanwhile_is_given_none(town):
    town.person(roles=("owner",))
    who = town.person()
    with meanwhile(lambda: suspend({"user_id": who})):
        assert assign({"user_id": who, "role_id": "owner"}).body["code"] == "user_not_active"
    assert town.owners() == 1
