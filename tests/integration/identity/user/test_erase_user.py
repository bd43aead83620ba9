import pytest

from identity.sign_in.accounts import decide_sign_in
from identity.sign_in.decider import SIGN_IN, LogIn, RequestEmailChange
from support.command_contract import CommandContract, caller
from support.dynamodb import published_events, round_trips, stored_events, stored_items
from support.identity.tenant import Call
from support.spec import OTHER
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import Decision, transact

erase = Call("erase_user", "POST /users/{user_id}/erase")
update = Call("update_profile", "PATCH /me/profile", {"bio": "Planted bio", "birth_date": "1996-05-30"})
restore = Call("restore_user", "POST /users/{user_id}/restore")
suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "Planted reason"})


def kept(reply):
    return [each["what"] for each in reply.body["kept"]]


def test_manners(tenant):
    who = tenant.person()
    reply = CommandContract(erase, {"user_id": who}).check()
    assert (reply.body["id"], reply.body["version"]) == (who, 4)


def test_it_is_one_read_and_one_transaction(tenant):
    who = tenant.person()
    with round_trips() as made:
        erase({"user_id": who})
    assert made == ["BatchGetItem", "TransactWriteItems"]


def test_nothing_of_the_person_is_left_and_the_answer_says_what_is_kept(tenant):
    who = tenant.person("Planted name")
    email = tenant.credential(who).email
    update(principal=who)
    suspend({"user_id": who})
    ref = Ref(decider=SIGN_IN, id=who)
    scope = scope_of(now=now(), tenant_id=tenant.tenant_id, actor=who, correlation_id="c")
    for command in (LogIn(source_address="pseudonym"), RequestEmailChange(email="planted@example.com")):
        transact(scope, (ref,), lambda at, told=command: Decision(changes=(decide_sign_in(at, who, told),)))
    guard = writes.put(keys.email(email), {"tenant_id": tenant.tenant_id, "principal_id": who})
    commit(
        [guard, writes.put(keys.part(tenant.tenant_id, "credential", who, "PASSWORD"), {"hash": "planted"})]
    )
    reply = erase({"user_id": who})
    assert reply.status == 200
    left = str(stored_items()).lower()
    assert [word for word in ("planted", email, "1996") if word in left] == []
    assert reads.one(keys.email(email)) is None
    user = tenant.user(who)
    assert (user.state.email, user.state.profile.display_name, user.state.suspended_reason) == ("", "", None)
    assert (tenant.credential(who).status, tenant.credential(who).email) == ("closed", "")
    (record,) = reads.between(keys.erasures(tenant.tenant_id), "0", "9")
    assert record["subject"] == f"user:{who}"
    assert all(each["reason"] and each["until"] > "2030" for each in reply.body["kept"])
    assert [each.data["email"] for each in stored_events("user.created")] == [""]


def test_twice_is_once_and_answers_alike(tenant):
    who = tenant.person()
    first, second = erase({"user_id": who}), erase({"user_id": who})
    assert first.body == second.body
    assert len(published_events("user.personal_data_erased")) == 1


@pytest.mark.parametrize("status", ["pending", "active", "suspended", "deleted"])
def test_in_any_status_the_seat_is_free_after_it(tenant, status):
    who = tenant.person(status=status)
    erase({"user_id": who})
    assert (tenant.user(who).state.status, tenant.seats()) == ("deleted", 0)


def test_an_address_that_another_account_has_by_now_is_left_to_it(tenant):
    who = tenant.person(status="pending")
    guard = keys.email(tenant.credential(who).email)
    other = {"tenant_id": tenant.tenant_id, "principal_id": OTHER}
    commit([writes.put(guard, other)])
    assert erase({"user_id": who}).status == 200
    assert reads.one(guard)["principal_id"] == OTHER


def test_it_cannot_be_undone(tenant):
    who = tenant.person()
    erase({"user_id": who})
    reply = restore({"user_id": who})
    assert (reply.status, reply.body["code"]) == (409, "personal_data_erased")


def test_the_last_owner_stays_whole(tenant):
    owner = tenant.person("Olivia", roles=("owner",))
    reply = erase({"user_id": owner}, **caller(owner, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert tenant.user(owner).state.profile.display_name == "Olivia"
    assert "key" in reads.one(keys.subject(tenant.tenant_id, f"user:{owner}"))


def test_it_takes_the_permission_and_a_user_of_the_tenant(tenant):
    who = tenant.person()
    assert erase({"user_id": who}, **caller(who, "consumer")).body["code"] == "permission_required"
    assert erase({"user_id": who}, tenant_id=OTHER).status == 404
