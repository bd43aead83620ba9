from identity.sign_in import attempts
from identity.sign_in.decider import LIMIT
from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.identity.sign_in import fail, log_in, member, sign_in
from support.identity.tenant import Call
from support.spec import ANN, OTHER, TENANT
from troupe.ids import new_id
from troupe.store import reads

unlock = Call("unlock_user", "POST /users/{user_id}/unlock")


def locked(tenant):
    who = member(tenant)
    fail(who.email, LIMIT)
    return who


def test_manners(tenant, clock):
    who = locked(tenant)
    reply = CommandContract(unlock, {"user_id": who.id}, "user:unlock").check()
    assert reply.body == {"id": who.id, "version": LIMIT + 2}


def test_a_lock_is_lifted_and_its_attempts_with_it(tenant, clock):
    who = locked(tenant)
    assert log_in(who.email).status == 403
    assert unlock({"user_id": who.id}).status == 200
    assert sign_in(who.id).state.locked_until is None
    (told,) = stored_events("user.unlocked")
    assert (told.data, told.actor) == ({"reason": "lifted", "by": ANN}, ANN)
    assert [status for status, _ in fail(who.email, LIMIT - 1)] == [401] * (LIMIT - 1)
    assert log_in(who.email).status == 200


def test_attempts_without_a_lock_are_forgotten_too(tenant, clock):
    who = member(tenant)
    fail(who.email, LIMIT - 1)
    assert unlock({"user_id": who.id}).status == 200
    assert reads.one(attempts.account(TENANT, who.id))["attempts"] == 0
    assert stored_events("user.unlocked") == []


def test_who_is_not_locked_stays_as_they_are(tenant, clock):
    who = member(tenant)
    before = stored_items()
    reply = unlock({"user_id": who.id})
    assert (reply.status, reply.body) == (200, {"id": who.id, "version": 0})
    assert stored_items() == before


def test_unknown_deleted_and_foreign_users_are_not_found(tenant, clock):
    gone = member(tenant, "deleted")
    assert [unlock({"user_id": each}).status for each in (new_id(), gone.id, "x")] == [404, 404, 404]
    assert unlock({"user_id": locked(tenant).id}, tenant_id=OTHER).status == 404
