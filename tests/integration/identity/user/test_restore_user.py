import pytest

from support.identity.tenant import SEATS, Call, Manners, happened, meanwhile
from troupe.ids import new_id

restore = Call("restore_user", "POST /users/{user_id}/restore")
delete = Call("delete_user", "DELETE /users/{user_id}")
delete_role = Call("delete_role", "DELETE /roles/{role_id}")


def test_manners(town):
    who = town.person(status="deleted")
    assert Manners(restore, {"user_id": who}, "user:restore").check().body == {"id": who, "version": 4}


@pytest.mark.parametrize("status", ["pending", "active", "suspended"])
def test_a_person_comes_back_as_they_were(town, status):
    who = town.person(status=status)
    was = town.user(who).state
    delete({"user_id": who})
    assert restore({"user_id": who}).status == 200
    assert town.user(who).state == was
    assert town.credential(who).status == status
    assert town.seats() == 1
    assert [each.data for each in happened("user.restored")] == [{"status": status}]


def test_who_is_there_is_left_alone(town):
    who = town.person()
    assert restore({"user_id": who}).body["version"] == 2
    assert town.seats() == 1


def test_there_must_be_a_seat_and_the_refusal_is_told(town):
    who = town.person(status="deleted")
    for n in range(SEATS):
        town.person(f"P{n}")
    reply = restore({"user_id": who})
    assert (reply.status, reply.body["code"]) == (409, "quota_exceeded")
    assert town.user(who).deleted
    assert len(happened("tenant.quota_exceeded")) == 1


def test_an_owner_counts_again(town):
    town.person(roles=("owner",))
    owner = town.person(roles=("owner",))
    delete({"user_id": owner})
    assert town.owners() == 1
    restore({"user_id": owner})
    assert town.owners() == 2


def test_a_role_that_is_gone_does_not_come_back(town):
    kept, gone = town.role("Kept"), town.role("Gone")
    who = town.person(roles=(kept, gone, "admin"))
    delete({"user_id": who})
    delete_role({"role_id": gone})
    assert restore({"user_id": who}).body["version"] == 5
    assert town.user(who).state.roles == town.credential(who).roles == ("consumer", kept, "admin")
    assert (town.holders(kept), town.holders(gone)) == (1, 0)


def test_a_role_that_goes_meanwhile_does_not_come_back_either(town):
    gone = town.role("Gone")
    who = town.person(roles=(gone,))
    delete({"user_id": who})
    with meanwhile(lambda: delete_role({"role_id": gone})):
        assert restore({"user_id": who}).status == 200
    assert town.user(who).state.roles == ("consumer",)
    assert town.holders(gone) == 0


def test_nobody_is_unknown(town):
    assert restore({"user_id": new_id()}).status == 404
