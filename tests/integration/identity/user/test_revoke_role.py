import pytest

from support.identity.tenant import Call, Manners, by, happened, meanwhile
from support.spec import ANN
from troupe.ids import new_id

revoke = Call("revoke_role", "DELETE /users/{user_id}/roles/{role_id}")


def test_manners(town):
    path = {"user_id": town.person(roles=("admin",)), "role_id": "admin"}
    assert Manners(revoke, path, "role:revoke").check().body == {"id": path["user_id"], "version": 3}


def test_a_role_is_taken_where_one_signs_in_too(town):
    role = town.role()
    who = town.person(roles=(role, "admin"))
    revoke({"user_id": who, "role_id": role})
    assert town.user(who).state.roles == town.credential(who).roles == ("consumer", "admin")
    assert happened("user.role_revoked")[0].data == {"role": role}
    assert town.holders(role) == 0


def test_what_one_does_not_have_is_no_event(town):
    who = town.person()
    assert revoke({"user_id": who, "role_id": "admin"}).body["version"] == 2


def test_the_last_owner_stays_one(town):
    owner = town.person(roles=("owner",))
    reply = revoke({"user_id": owner, "role_id": "owner"}, **by(owner, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert town.credential(owner).roles == ("consumer", "owner")


def test_of_the_last_two_owners_who_step_down_at_once_one_stays(town):
    ann, bob = town.person("Ann", roles=("owner",)), town.person("Bob", roles=("owner",))
    with meanwhile(lambda: revoke({"user_id": bob, "role_id": "owner"}, **by(bob, "owner"))):
        reply = revoke({"user_id": ann, "role_id": "owner"}, **by(ann, "owner"))
    assert reply.body["code"] == "last_owner"
    assert [town.user(each).state.roles[1:] for each in (ann, bob)] == [("owner",), ()]
    assert town.owners() == 1


def test_a_suspended_owner_s_role_goes_without_touching_the_count(town):
    town.person(roles=("owner",))
    who = town.person(status="suspended", roles=("owner",))
    assert revoke({"user_id": who, "role_id": "owner"}).status == 200
    assert town.owners() == 1


def test_an_admin_does_not_take_a_role_that_allows_more(town):
    town.person(roles=("owner",))
    owner = town.person(roles=("owner",))
    reply = revoke({"user_id": owner, "role_id": "owner"}, **by(ANN, "admin"))
    assert (reply.status, reply.body["code"]) == (403, "beyond_your_permissions")


@pytest.mark.parametrize("role", ["consumer", "leader", "staff"])
def test_a_role_that_follows_from_the_kind_is_not_taken(town, role):
    reply = revoke({"user_id": town.person(), "role_id": role})
    assert (reply.status, reply.body["code"]) == (409, "role_not_assignable")


def test_a_role_and_a_person_that_are_there(town):
    for path in (
        {"user_id": town.person(), "role_id": new_id()},
        {"user_id": town.person(), "role_id": "boss"},
        {"user_id": new_id(), "role_id": "admin"},
    ):
        assert revoke(path).status == 404
