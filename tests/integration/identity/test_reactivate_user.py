from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.tenant import Call
from troupe.ids import new_id

reactivate = Call("reactivate_user", "POST /users/{user_id}/reactivate")


def test_manners(tenant):
    who = tenant.person(status="suspended")
    assert CommandContract(reactivate, {"user_id": who}, "user:reactivate").check().body == {
        "id": who,
        "version": 4,
    }


def test_a_suspension_is_lifted_and_its_reason_forgotten(tenant):
    who = tenant.person(status="suspended")
    reactivate({"user_id": who})
    assert (tenant.user(who).state.status, tenant.user(who).state.suspended_reason) == ("active", None)
    assert tenant.credential(who).status == "active"
    assert len(stored_events("user.reactivated")) == 1


def test_an_owner_counts_again(tenant):
    tenant.person(roles=("owner",))
    owner = tenant.person(status="suspended", roles=("owner",))
    assert tenant.owners() == 1
    reactivate({"user_id": owner})
    assert tenant.owners() == 2


def test_who_is_active_stays_active(tenant):
    who = tenant.person()
    assert reactivate({"user_id": who}).body["version"] == 2
    assert not stored_events("user.reactivated")


def test_who_is_pending_verifies_the_address_instead(tenant):
    reply = reactivate({"user_id": tenant.person(status="pending")})
    assert (reply.status, reply.body["code"]) == (409, "invalid_transition")


def test_unknown_and_deleted_users_are_not_found(tenant):
    gone = tenant.person(status="deleted")
    assert [reactivate({"user_id": who}).status for who in (new_id(), gone)] == [404, 404]
