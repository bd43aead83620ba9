import pytest

from identity.sign_in.decider import LIMIT
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import RIGHT, WRONG, failing, log_in, member, refresh
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.security.credential import CREDENTIAL, MoveCredential
from troupe.security.secrets import signing_keys
from troupe.security.tokens import read_access
from troupe.store.aggregates import Ref
from troupe.store.transact import execute

NEW = "another long password"
_change = Call("change_password", "POST /me/password")


def change(who, current=RIGHT, new=NEW, **given):
    return _change(body={"current_password": current, "new_password": new}, principal=who.id, **given)


def answer(reply):
    return reply.status, reply.body.get("code")


def test_every_other_session_ends_and_this_one_goes_on(tenant, clock):
    who = member(tenant)
    old = log_in(who.email).body["refresh_token"]
    with round_trips() as made:
        reply = change(who)
    assert reply.status == 200
    assert made == ["BatchGetItem", "UpdateItem", "TransactWriteItems"]
    assert refresh(old).status == 401
    assert refresh(reply.body["refresh_token"]).status == 200
    access = read_access(reply.body["access_token"], signing_keys(), clock())
    assert (access.principal_id, access.epoch) == (who.id, tenant.credential(who.id).epoch)
    assert log_in(who.email, NEW).status == 200
    assert log_in(who.email, RIGHT).status == 401
    (told,) = stored_events("user.password_changed")
    assert (told.data["how"], told.actor) == ("changed", who.id)


def test_a_wrong_password_is_a_failed_attempt(tenant, clock, compared):
    who = member(tenant)
    for _ in range(LIMIT):
        reply = change(who, WRONG)
        assert (*answer(reply), reply.body["errors"][0]["field"]) == (
            422,
            "wrong_password",
            "current_password",
        )
    assert answer(change(who)) == (403, "account_locked")
    assert compared["n"] == LIMIT
    assert len(stored_events("user.login_failed")) == LIMIT
    assert answer(log_in(who.email)) == (403, "account_locked")


def test_a_bad_new_password_is_no_guess_at_the_old_one(tenant, clock):
    who = member(tenant)
    for _ in range(LIMIT):
        assert answer(change(who, new=who.email)) == (422, "password_is_email")
        assert answer(change(who, new="short")) == (422, "password_too_short")
    assert change(who).status == 200


def test_who_was_suspended_in_the_same_moment(tenant, clock):
    who = member(tenant)

    def meanwhile(write):
        execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), MoveCredential(status="suspended"))
        return write()

    with failing(meanwhile):
        assert answer(change(who)) == (403, "account_suspended")
    assert stored_events("user.password_changed") == []


@pytest.mark.parametrize(
    "given, refused",
    [
        ({"principal": None}, (401, "no_principal")),
        ({"standing": "suspended"}, (403, "tenant_suspended")),
        ({"body": {"new_password": NEW}}, (422, "invalid_request")),
        ({"body": "{"}, (400, "malformed_json")),
    ],
)
def test_manners(tenant, clock, given, refused):
    who = member(tenant)
    before = stored_items()
    good = {"body": {"current_password": RIGHT, "new_password": NEW}, "principal": who.id}
    assert answer(_change(**(good | given))) == refused
    assert stored_items() == before


def test_no_answer_is_kept_under_a_key(tenant, clock):
    who = member(tenant)
    keyed = {"headers": {"idempotency-key": "k", "if-match": '"99"'}}
    assert change(who, **keyed).status == 200
    assert not [item for item in stored_items() if "IDEMPOTENCY" in item["PK"]]
    assert answer(change(who, **keyed)) == (422, "wrong_password")
    assert TENANT not in str(change(who, WRONG).body)
