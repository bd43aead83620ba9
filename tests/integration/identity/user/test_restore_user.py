import pytest

from support.command_contract import CommandContract
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import SEATS, Call
from troupe.ids import new_id

restore = Call("restore_user", "POST /users/{user_id}/restore")
delete = Call("delete_user", "DELETE /users/{user_id}")
delete_role = Call("delete_role", "DELETE /roles/{role_id}")


def test_manners(tenant):
    who = tenant.person(status="deleted")
    assert CommandContract(restore, {"user_id": who}, "user:restore").check().body == {
        "id": who,
        "version": 4,
    }


def test_who_never_proved_the_address_does_not_come_back(tenant):
    who = tenant.person(status="pending")
    delete({"user_id": who})
    reply = restore({"user_id": who})
    assert (reply.status, reply.body["code"]) == (409, "never_verified")


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_a_person_comes_back_as_they_were(tenant, status):
    who = tenant.person(status=status)
    was = tenant.user(who).state
    delete({"user_id": who})
    assert restore({"user_id": who}).status == 200
    assert tenant.user(who).state == was
    assert tenant.credential(who).status == status
    assert tenant.seats() == 1
    assert [each.data for each in stored_events("user.restored")] == [{"status": status}]


def test_who_is_there_is_left_alone(tenant):
    who = tenant.person()
    assert restore({"user_id": who}).body["version"] == 2
    assert tenant.seats() == 1


def test_there_must_be_a_seat_and_the_refusal_is_told(tenant):
    who = tenant.person(status="deleted")
    for n in range(SEATS):
        tenant.person(f"P{n}")
    reply = restore({"user_id": who})
    assert (reply.status, reply.body["code"]) == (409, "quota_exceeded")
    assert tenant.user(who).deleted
    assert len(stored_events("tenant.quota_exceeded")) == 1


def test_an_owner_counts_again(tenant):
    tenant.person(roles=("owner",))
    owner = tenant.person(roles=("owner",))
    delete({"user_id": owner})
    assert tenant.owners() == 1
    restore({"user_id": owner})
    assert tenant.owners() == 2


def test_a_role_that_is_gone_does_not_come_back(tenant):
    kept, gone = tenant.role("Kept"), tenant.role("Gone")
    who = tenant.person(roles=(kept, gone, "admin"))
    delete({"user_id": who})
    delete_role({"role_id": gone})
    assert restore({"user_id": who}).body["version"] == 5
    assert tenant.user(who).state.roles == tenant.credential(who).roles == ("consumer", kept, "admin")
    assert (tenant.holders(kept), tenant.holders(gone)) == (1, 0)


def test_a_role_that_goes_meanwhile_does_not_come_back_either(tenant):
    gone = tenant.role("Gone")
    who = tenant.person(roles=(gone,))
    delete({"user_id": who})
    with before_next_write(lambda: delete_role({"role_id": gone})):
        assert restore({"user_id": who}).status == 200
    assert tenant.user(who).state.roles == ("consumer",)
    assert tenant.holders(gone) == 0


def test_an_unknown_user_is_not_found(tenant):
    assert restore({"user_id": new_id()}).status == 404
