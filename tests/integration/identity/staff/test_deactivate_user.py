"""A staff member leaves: no more access, no session left, and never the last owner."""

import pytest

from identity.staff.decider import STAFF
from identity.user.commands import VerifyUser
from identity.user.decider import USER
from support.command_contract import CommandContract, caller
from support.dynamodb import stored_events, stored_items
from support.identity.tenant import Call, Tenant
from support.spec import ANN, TENANT
from troupe.security.credential import CREDENTIAL, MoveCredential
from troupe.store.aggregates import Ref
from troupe.store.transact import execute, load

invite = Call("create_user", "POST /users")
deactivate = Call("deactivate_user", "POST /users/{user_id}/deactivate", {"reason": "left"})
reactivate = Call("reactivate_user", "POST /users/{user_id}/reactivate")
assign = Call("assign_role", "PUT /users/{user_id}/roles/{role_id}")


def arrived(user_id: str) -> None:
    """Who was invited has accepted."""
    scope = Tenant()._scope()
    execute(scope, Ref(decider=USER, id=user_id), VerifyUser())
    execute(scope, Ref(decider=CREDENTIAL, id=user_id), MoveCredential(status="active"))


@pytest.fixture
def bob(acme):
    user_id = invite(body={"email": "bob@example.com", "display_name": "Bob"}).body["id"]
    arrived(user_id)
    return {"user_id": user_id}


def test_loses_access_and_keeps_the_seat(acme, bob):
    before, seats = load(TENANT, CREDENTIAL, bob["user_id"]).state, acme.tally("users")[0]
    assert deactivate(bob).status == 200
    user, credential = (
        load(TENANT, USER, bob["user_id"]).state,
        load(TENANT, CREDENTIAL, bob["user_id"]).state,
    )
    assert (user.status, user.suspended_reason) == ("suspended", "deactivated")
    assert (credential.status, credential.epoch) == ("suspended", before.epoch + 1)
    assert acme.tally("users")[0] == seats
    (told,) = stored_events("tenant.user_deactivated")
    assert (told.aggregate, told.data["reason"], told.data["by"]) == ("staff", "left", ANN)


def test_twice_changes_nothing_until_access_was_given_back(bob):
    deactivate(bob)
    before = stored_items()
    assert deactivate(bob).status == 200
    assert stored_items() == before
    reactivate(bob)
    assert deactivate(bob).status == 200
    assert len(stored_events("tenant.user_deactivated")) == 2


def test_who_was_suspended_is_deactivated_all_the_same(bob):
    suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "quarrel"})
    suspend(bob)
    assert deactivate(bob).status == 200
    assert load(TENANT, USER, bob["user_id"]).state.suspended_reason == "quarrel"
    assert load(TENANT, STAFF, bob["user_id"]).state.status == "deactivated"


class TestOwners:
    def test_the_last_one_stays(self, acme):
        arrived(ANN)
        before = stored_items()
        reply = deactivate({"user_id": ANN}, **caller(ANN, "owner"))
        assert (reply.status, reply.body["code"]) == (409, "last_owner")
        assert stored_items() == before

    def test_one_of_two_goes(self, bob):
        arrived(ANN)
        assert assign({**bob, "role_id": "owner"}).status == 200
        assert deactivate({"user_id": ANN}, **caller(bob["user_id"], "owner")).status == 200
        assert Tenant().owners() == 1

    def test_are_not_put_out_by_an_admin(self, bob):
        reply = deactivate({"user_id": ANN}, **caller(bob["user_id"], "admin"))
        assert (reply.status, reply.body["code"]) == (403, "owner_protected")


def test_who_is_no_staff(acme):
    person = Tenant().person("Carol")
    reply = deactivate({"user_id": person})
    assert (reply.status, reply.body["code"]) == (409, "not_staff")


def test_who_has_not_arrived(acme):
    user_id = invite(body={"email": "bob@example.com", "display_name": "Bob"}).body["id"]
    assert deactivate({"user_id": user_id}).body["code"] == "invalid_transition"


def test_manners(bob):
    CommandContract(deactivate, path=bob, permission="user:deactivate").check()
