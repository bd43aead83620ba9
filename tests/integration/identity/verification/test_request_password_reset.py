"""And ResendVerification: alike but for what they ask for."""

import json

import pytest

from identity.sign_in.decider import PATIENCE
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import member
from support.identity.tenant import Call
from support.spec import TENANT

RESET = Call("request_password_reset", "POST /password-resets")
VERIFICATION = Call("resend_verification", "POST /users/resend-verification")
EVENT = {RESET.command: "user.password_reset_requested", VERIFICATION.command: "user.verification_requested"}
BOTH = pytest.mark.parametrize("ask", [RESET, VERIFICATION], ids=lambda ask: ask.command)


def asked(ask, email, **given):
    return ask(body={"email": email}, principal=None, **given)


@BOTH
def test_it_is_noted_for_the_mail_to_come(tenant, clock, ask):
    who = member(tenant, "pending")
    reply = asked(ask, who.email.upper())
    assert (reply.status, reply.body) == (200, {"status": "accepted"})
    (told,) = stored_events(EVENT[ask.command])
    assert (told.aggregate, told.aggregate_id, told.actor) == ("sign_in", who.id, "anonymous")
    assert told.data == {"at": "2026-03-01T12:00:00Z"}


@BOTH
def test_no_second_one_within_a_minute(tenant, clock, ask):
    who = member(tenant, "pending")
    asked(ask, who.email)
    clock.forward(seconds=PATIENCE.total_seconds() - 1)
    before = stored_items()
    assert asked(ask, who.email).status == 200
    assert stored_items() == before
    clock.forward(seconds=1)
    asked(ask, who.email)
    assert len(stored_events(EVENT[ask.command])) == 2


@BOTH
@pytest.mark.parametrize("headers", [{}, {"if-match": '"9"'}, {"idempotency-key": "k"}])
def test_an_unknown_address_gets_the_same_answer(tenant, clock, ask, headers):
    who = member(tenant, "pending")
    for seconds in (0, 1, 60):
        clock.forward(seconds=seconds)
        with round_trips() as known:
            somebody = asked(ask, who.email, headers=headers)
        with round_trips() as unknown:
            nobody = asked(ask, "unknown@example.com", headers=headers)
        assert (somebody.status, somebody.body, somebody.headers) == (
            nobody.status,
            nobody.body,
            nobody.headers,
        )
        assert known == unknown
    assert "unknown@example.com" not in json.dumps(stored_items(), default=str)


@pytest.mark.parametrize("status, noted", [("pending", 1), ("active", 1), ("suspended", 0), ("deleted", 0)])
def test_whom_a_mail_would_help(tenant, clock, status, noted):
    who = member(tenant, status)
    with round_trips() as made:
        assert asked(RESET, who.email).status == 200
    assert made == ["UpdateItem", "BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert len(stored_events("user.password_reset_requested")) == noted


def test_the_mark_of_a_request_for_an_unknown_address_expires(tenant, clock):
    asked(RESET, "unknown@example.com")
    (mark,) = [item for item in stored_items() if "MAIL_ASKED" in item["PK"]]
    assert mark["PK"].startswith("@#")
    assert mark["expires_at"] == clock().timestamp() + 3600


@BOTH
def test_bad_bodies(table, clock, ask):
    reply = asked(ask, "no address")
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "email")


def test_a_direct_call_does_the_same(tenant, clock):
    from identity.verification.handlers.request_password_reset import handler
    from support.spec import LAMBDA

    who = member(tenant)
    answer = handler({"tenant_id": TENANT, "body": {"email": who.email}, "actor": "support"}, LAMBDA)
    assert answer == {"status": "accepted"}
    assert len(stored_events("user.password_reset_requested")) == 1
