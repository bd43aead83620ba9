import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from identity.sign_in.accounts import credential_ref, decide_sign_in, hashed
from identity.sign_in.decider import LIMIT, SIGN_IN, FailLogIn
from support import faulty_client
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import HERE, RIGHT, WRONG, attempts_from, fail, failing, log_in, member, sign_in
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.security import sessions
from troupe.security.credential import SetPassword
from troupe.security.secrets import signing_keys
from troupe.security.tokens import read_access
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import ATTEMPTS, commit
from troupe.store.transact import Decision, transact

GUARD, ACCOUNT, SPEND, WRITE = "BatchGetItem", "BatchGetItem", "UpdateItem", "TransactWriteItems"
SOURCE = "UpdateItem"
FAILED, LOCKED = (401, "sign_in_failed"), (403, "account_locked")


def answer(reply):
    return reply.status, reply.body.get("code")


def test_the_right_password_gets_a_pair_of_tokens(tenant, clock):
    who = member(tenant, roles=("admin",))
    with round_trips() as made:
        reply = log_in(who.email.upper())
    assert reply.status == 200
    assert made == [GUARD, ACCOUNT, SPEND, WRITE]
    user = reply.body["user"]
    assert (user["id"], user["kind"], user["tenant_id"]) == (who.id, "user", TENANT)
    assert "user:suspend" in user["permissions"]
    assert (reply.body["token_type"], reply.body["expires_in"]) == ("Bearer", 900)
    access = read_access(reply.body["access_token"], signing_keys(), clock())
    assert (access.principal_id, access.tenant_id, access.kind, access.epoch) == (who.id, TENANT, "user", 0)
    token = sessions.read(reply.body["refresh_token"])
    session = reads.one(keys.session(TENANT, token.session_id))
    assert (session["principal_id"], session["current"], session["epoch"]) == (who.id, token.digest, 0)
    assert reply.headers["cache-control"] == "no-store"


def test_the_stream_says_when_and_from_where(tenant, clock):
    who = member(tenant)
    log_in(who.email)
    (told,) = stored_events("user.logged_in")
    assert (told.aggregate, told.aggregate_id, told.actor) == ("sign_in", who.id, who.id)
    assert told.data["at"] == "2026-03-01T12:00:00Z"


def test_sign_ins_from_one_address_compare_within_a_month_and_do_not_show_it(tenant, clock):
    who = member(tenant)
    log_in(who.email)
    log_in(who.email)
    clock.instant += timedelta(days=31)
    log_in(who.email)
    first, again, later = (each.data["source_address"] for each in stored_events("user.logged_in"))
    assert (first == again, first == later, "203.0.113.7" in (first, later)) == (True, False, False)
    assert sign_in(who.id).state.last_login_at == clock()


def test_a_tenant_s_own_role_grants_what_it_says(tenant, clock):
    role = tenant.role("Editors", "user:read", "role:create")
    who = member(tenant, roles=(role,))
    assert "role:create" in log_in(who.email).body["user"]["permissions"]


def test_the_fifth_wrong_password_locks_for_a_quarter_of_an_hour(tenant, clock):
    who = member(tenant)
    assert fail(who.email, LIMIT + 1) == [FAILED] * LIMIT + [LOCKED]
    assert answer(log_in(who.email)) == LOCKED
    assert [each.data["attempt"] for each in stored_events("user.login_failed")] == [1, 2, 3, 4, 5]
    (locked,) = stored_events("user.locked")
    assert locked.data == {"until": "2026-03-01T12:15:00Z", "attempts": 5, "for_all": False}
    clock.forward(minutes=14, seconds=59)
    assert answer(log_in(who.email)) == LOCKED
    clock.forward(seconds=1)
    assert log_in(who.email).status == 200
    assert [each.data["reason"] for each in stored_events("user.unlocked")] == ["expired"]
    assert sign_in(who.id).state.locked_until is None


def test_the_lock_runs_from_the_last_failure(tenant, clock):
    who = member(tenant)
    fail(who.email, LIMIT - 1)
    clock.forward(minutes=14)
    fail(who.email)
    clock.forward(minutes=14)
    assert answer(log_in(who.email)) == LOCKED


def test_failures_are_forgotten_after_a_quarter_of_an_hour(tenant, clock):
    who = member(tenant)
    fail(who.email, LIMIT - 1)
    clock.forward(minutes=15)
    assert fail(who.email, LIMIT - 1) == [FAILED] * (LIMIT - 1)
    assert log_in(who.email).status == 200


def test_a_success_forgets_the_failures(tenant, clock):
    who = member(tenant)
    for _ in range(3):
        fail(who.email, LIMIT - 1)
        assert log_in(who.email).status == 200
    assert stored_events("user.locked") == []


def same(one, other):
    """Two replies that differ only in the headers that every reply has of its own."""
    return (one.status, one.body, one.headers) == (other.status, other.body, other.headers)


def test_an_unknown_address_answers_like_a_wrong_password_up_to_the_lock(tenant, clock, compared):
    who = member(tenant)
    for n in range(LIMIT + 2):
        with round_trips() as known:
            wrong = log_in(who.email, WRONG)
        spent = compared.pop("n", 0)
        with round_trips() as unknown:
            nobody = log_in("unknown@example.com", WRONG)
        assert same(wrong, nobody)
        assert known == unknown
        assert compared.pop("n", 0) == spent == (1 if n < LIMIT else 0)
        assert known == ([GUARD, ACCOUNT, SPEND, WRITE, SOURCE] if n < LIMIT else [GUARD, ACCOUNT])


@pytest.mark.parametrize("headers", [{"if-match": '"7"'}, {"idempotency-key": "k"}])
def test_no_header_tells_them_apart(tenant, clock, headers):
    who = member(tenant)
    fail(who.email)
    assert same(
        log_in(who.email, WRONG, headers=headers), log_in("unknown@example.com", WRONG, headers=headers)
    )
    assert log_in(who.email, headers=headers).status == 200


def test_an_unknown_address_is_not_stored(tenant, clock):
    log_in("unknown@example.com", WRONG)
    assert stored_events() == []
    assert "unknown@example.com" not in json.dumps(stored_items(), default=str)


@pytest.mark.parametrize(
    "status, refused",
    [
        ("pending", FAILED),
        ("suspended", (403, "account_suspended")),
        ("deleted", FAILED),
    ],
)
def test_who_may_not_come_in_is_told_so_for_the_right_password_alone(tenant, clock, status, refused):
    who = member(tenant, status)
    assert fail(who.email) == [FAILED]
    assert [answer(log_in(who.email)) for _ in range(3)] == [refused] * 3
    assert stored_events("user.logged_in") == []


def test_the_right_password_is_no_guess_even_where_it_does_not_let_in(tenant, clock):
    who = member(tenant, "suspended")
    assert [answer(log_in(who.email)) for _ in range(LIMIT + 1)] == [(403, "account_suspended")] * (LIMIT + 1)


def test_an_account_has_no_password_before_its_address_is_proved(tenant, clock):
    who = member(tenant, "pending")
    assert fail(who.email) == [FAILED]


@pytest.mark.parametrize(
    "status, expected",
    [("trial", (200, None)), ("suspended", (200, None)), ("cancelled", (403, "tenant_cancelled"))],
)
def test_the_tenant_s_standing(tenant, clock, status, expected):
    who = member(tenant)
    commit([writes.update(keys.standing(TENANT), "SET #s = :s", {"s": status}, names={"#s": "status"})])
    assert answer(log_in(who.email)) == expected


def test_a_password_that_changes_in_the_same_moment_does_not_let_in(tenant, clock):
    who = member(tenant)

    def meanwhile(write):
        ref, other = credential_ref(who.id), hashed(TENANT, who.id, "$2b$04$" + "x" * 53)
        decided = lambda at: Decision(changes=(at.decide(ref, SetPassword()),), actions=(other,))  # noqa: E731
        transact(tenant._scope(), (ref,), decided)
        return write()

    with failing(meanwhile):
        assert answer(log_in(who.email)) == (409, "contended")
    assert stored_events("user.logged_in") == []


def test_a_lock_in_the_same_moment_does_not_let_in(tenant, clock):
    who = member(tenant)
    fail(who.email, LIMIT - 2)

    def meanwhile(write):
        fail(who.email)
        at = attempts_from(HERE, who.id)
        commit([writes.update(at, "SET attempts = :n", {"n": LIMIT - 1})])
        fail(who.email)
        return write()

    with failing(meanwhile):
        assert answer(log_in(who.email)) == LOCKED
    assert answer(log_in(who.email)) == LOCKED


def test_a_failure_whose_note_is_lost_is_still_an_attempt(tenant, clock, monkeypatch):
    monkeypatch.setattr("troupe.store.commit.pause", lambda *_: None)
    who = member(tenant)
    with failing(*[faulty_client.conflict] * ATTEMPTS * LIMIT):
        assert fail(who.email, LIMIT + 1) == [FAILED] * LIMIT + [LOCKED]
    assert stored_events("user.login_failed") == []


def test_a_failure_is_noted_after_many_a_conflict(tenant, clock, monkeypatch):
    monkeypatch.setattr("troupe.store.commit.pause", lambda *_: None)
    who = member(tenant)

    def overtaken(write):
        told = Ref(decider=SIGN_IN, id=who.id)

        def other(at):
            return Decision(changes=(decide_sign_in(at, who.id, FailLogIn(source_address="", attempt=1)),))

        transact(tenant._scope(), (told,), other)
        return write()

    with failing(*[overtaken, faulty_client.fine] * 5):
        assert fail(who.email) == [FAILED]
    assert len(stored_events("user.login_failed")) == 6


def refused(code):
    def fault(_call):
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "UpdateItem")

    return fault


@pytest.mark.parametrize(
    "faults_, expected",
    [
        ([refused("TransactionConflictException")] * 3, (200, None)),
        ([refused("ThrottlingException")] * 20, (503, "unavailable")),
        ([refused("AccessDeniedException")], (500, "internal_error")),
    ],
)
def test_what_the_table_does_not_do_at_once(tenant, clock, monkeypatch, faults_, expected):
    monkeypatch.setattr("identity.sign_in.attempts.pause", lambda *_: None)
    who = member(tenant)
    with failing(*faults_, operation="update_item"):
        assert answer(log_in(who.email)) == expected


@pytest.mark.parametrize("body", [{"email": "x", "password": "y"}, {"email": "a@example.com"}, {"a": 1}])
def test_bad_bodies_are_named_and_never_repeated(tenant, clock, body):
    reply = Call("log_in", "POST /sessions", body)(principal=None)
    assert (reply.status, reply.body["code"]) == (422, "invalid_request")
    assert RIGHT not in json.dumps(reply.body)


def test_no_secret_is_stored_or_logged(tenant, clock, log):
    who = member(tenant)
    reply = log_in(who.email)
    log_in(who.email, WRONG)
    secret = sessions.read(reply.body["refresh_token"]).secret
    assert "answered" in log.getvalue()
    left = json.dumps(stored_items(), default=str) + log.getvalue()
    for text in (RIGHT, WRONG, secret, reply.body["access_token"], reply.body["refresh_token"]):
        assert text not in left
    assert "$2b$" not in json.dumps([each.detail() for each in stored_events()])
