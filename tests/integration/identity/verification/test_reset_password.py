from datetime import timedelta

import pytest

from identity.sign_in.decider import LIMIT
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import RIGHT, fail, link, log_in, member, refresh, sign_in
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.security.credential import CREDENTIAL, MoveCredential, SetEmail
from troupe.store.aggregates import Ref
from troupe.store.keys import part
from troupe.store.reads import one
from troupe.store.transact import execute

NEW = "another long password"
_reset = Call("reset_password", "POST /password-resets/complete")


def reset(token, password=NEW, **given):
    return _reset(body={"token": token, "password": password}, principal=None, **given)


def refused(reply):
    return reply.status, reply.body["code"], reply.body["errors"][0]["field"]


BAD_LINK = (422, "link_invalid", "token")


def test_a_new_password_takes_the_place_of_the_old_one(tenant, clock):
    who = member(tenant)
    session = log_in(who.email).body["refresh_token"]
    token = link("reset", who, clock())
    with round_trips() as made:
        reply = reset(token)
    assert (reply.status, reply.body["id"]) == (200, who.id)
    assert made == ["BatchGetItem", "TransactWriteItems"]
    assert log_in(who.email, RIGHT).status == 401
    assert log_in(who.email, NEW).status == 200
    assert refresh(session).status == 401
    (told,) = stored_events("user.password_changed")
    assert (told.data["how"], told.actor) == ("reset", who.id)


def test_a_link_works_once(tenant, clock):
    who = member(tenant)
    token = link("reset", who, clock())
    other = link("reset", who, clock() + timedelta(seconds=5))
    assert reset(token).status == 200
    before = stored_items()
    assert [refused(reset(each, "third password")) for each in (token, other)] == [BAD_LINK] * 2
    assert stored_items() == before


def test_it_lifts_a_lock(tenant, clock):
    who = member(tenant)
    fail(who.email, LIMIT)
    assert reset(link("reset", who, clock())).status == 200
    assert log_in(who.email, NEW).status == 200
    assert [each.data["reason"] for each in stored_events("user.unlocked")] == ["password_reset"]
    assert sign_in(who.id).state.locked_until is None


def test_a_reset_link_verifies_no_address(tenant, clock):
    who = member(tenant, "pending")
    assert refused(reset(link("reset", who, clock()))) == BAD_LINK
    assert log_in(who.email, NEW).body["code"] == "sign_in_failed"


def test_an_hour_is_long_enough(tenant, clock):
    who = member(tenant)
    token = link("reset", who, clock())
    clock.forward(minutes=60)
    assert refused(reset(token)) == BAD_LINK


@pytest.mark.parametrize("command", [MoveCredential(status="suspended"), MoveCredential(status="closed")])
def test_who_may_not_come_in_gets_no_password(tenant, clock, command):
    who = member(tenant)
    token = link("reset", who, clock())
    execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), command)
    assert refused(reset(token)) == BAD_LINK


def test_a_link_to_an_address_that_was_left(tenant, clock):
    who = member(tenant)
    token = link("reset", who, clock())
    execute(tenant._scope(), Ref(decider=CREDENTIAL, id=who.id), SetEmail(email="moved@example.com"))
    assert refused(reset(token)) == BAD_LINK


@pytest.mark.parametrize("purpose", ["verify", "invite"])
def test_a_link_for_something_else(tenant, clock, purpose):
    who = member(tenant)
    assert refused(reset(link(purpose, who, clock()))) == BAD_LINK


@pytest.mark.parametrize("token", ["", "a.b", "x" * 43 + "." + "y" * 43])
def test_what_never_was_a_link(tenant, clock, token):
    assert refused(reset(token)) == BAD_LINK


@pytest.mark.parametrize(
    "password, code",
    [
        ("short", "password_too_short"),
        ("é" * 37, "password_too_long"),
        ("a\0longer password", "invalid_request"),
    ],
)
def test_bad_passwords_use_nothing_up(tenant, clock, password, code):
    who = member(tenant)
    token = link("reset", who, clock())
    before = stored_items()
    assert refused(reset(token, password)) == (422, code, "password")
    assert refused(reset(token, who.email)) == (422, "password_is_email", "password")
    assert stored_items() == before
    assert reset(token).status == 200


def test_the_hash_is_in_no_event(tenant, clock):
    who = member(tenant)
    reset(link("reset", who, clock()))
    held = one(part(TENANT, "credential", who.id, "PASSWORD"))["hash"]
    assert all(held not in str(item) for item in stored_items() if item["SK"] != "PASSWORD")


def test_bad_bodies(table, clock):
    reply = _reset(body={"token": 1}, principal=None)
    assert {each["field"] for each in reply.body["errors"]} == {"token", "password"}
