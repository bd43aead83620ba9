import pytest

from support.identity.tenant import ALL, Call, Manners, by, happened, meanwhile
from support.spec import OTHER
from troupe.ids import new_id

delete = Call("delete_user", "DELETE /users/{user_id}")


def test_manners(town):
    who = town.person()
    assert Manners(delete, {"user_id": who}, given={"principal": who}).check().body == {
        "id": who,
        "version": 3,
    }


def test_one_may_delete_oneself_and_others_take_a_permission(town):
    ann, bob = town.person("Ann"), town.person("Bob")
    reply = delete({"user_id": bob}, **by(ann, "consumer"))
    assert (reply.status, reply.body["code"]) == (403, "permission_required")
    assert delete({"user_id": ann}, **by(ann, "consumer")).status == 200
    assert delete({"user_id": bob}, permissions=frozenset({"user:delete"})).status == 200


def test_the_lack_of_the_permission_comes_before_whether_there_is_anybody(town):
    assert delete({"user_id": new_id()}, permissions=ALL - {"user:delete"}).status == 403
    assert delete({"user_id": town.person()}, tenant_id=OTHER).status == 404


@pytest.mark.parametrize("status, version", [("pending", 2), ("active", 3), ("suspended", 4)])
def test_who_is_deleted_cannot_sign_in_and_leaves_a_seat(town, status, version):
    who = town.person(status=status)
    epoch = town.credential(who).epoch
    assert town.seats() == 1
    assert delete({"user_id": who}).body["version"] == version
    user = town.user(who)
    assert (user.deleted, user.state.status, user.state.status_before_deletion) == (True, "deleted", status)
    assert (town.credential(who).status, town.credential(who).epoch) == ("closed", epoch + 1)
    assert town.seats() == 0
    assert happened("user.deleted")[0].data["deleted_at"]


def test_twice_is_once(town):
    who = town.person()
    assert [delete({"user_id": who}).body["version"] for _ in range(2)] == [3, 3]
    assert town.seats() == 0


def test_who_goes_gives_the_own_roles_back(town):
    role = town.role()
    who = town.person(roles=(role,))
    assert town.holders(role) == 1
    delete({"user_id": who})
    assert town.holders(role) == 0


def test_the_last_owner_stays(town):
    owner = town.person(roles=("owner",))
    reply = delete({"user_id": owner}, **by(owner, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert (town.user(owner).deleted, town.seats()) == (False, 1)


def test_of_two_owners_who_leave_at_once_one_stays(town):
    ann, bob = town.person("Ann", roles=("owner",)), town.person("Bob", roles=("owner",))
    with meanwhile(lambda: delete({"user_id": bob}, **by(bob, "owner"))):
        reply = delete({"user_id": ann}, **by(ann, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert [town.user(each).deleted for each in (ann, bob)] == [False, True]


def test_a_suspended_owner_does_not_count_and_may_go(town):
    town.person(roles=("owner",))
    gone = town.person(status="suspended", roles=("owner",))
    assert delete({"user_id": gone}).status == 200
    assert town.owners() == 1


def test_an_admin_does_not_delete_an_owner(town):
    town.person(roles=("owner",))
    owner = town.person(roles=("owner",))
    reply = delete({"user_id": owner}, **by(new_id(), "admin"))
    assert (reply.status, reply.body["code"]) == (403, "owner_protected")
