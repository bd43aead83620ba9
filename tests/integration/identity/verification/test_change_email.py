import pytest

from identity.sign_in.decider import LIMIT
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import RIGHT, WRONG, member, sign_in
from support.identity.tenant import Call

NEW = "new@example.com"
_change = Call("change_email", "POST /me/email")


def change(who, email=NEW, password=RIGHT, **given):
    return _change(body={"email": email, "password": password}, principal=who.id, **given)


def answer(reply):
    return reply.status, reply.body.get("code")


def test_the_new_address_waits_for_its_link(tenant, clock):
    who = member(tenant)
    with round_trips() as made:
        reply = change(who, NEW.upper())
    assert (reply.status, reply.body) == (200, {"status": "accepted"})
    assert made == ["BatchGetItem", "UpdateItem", "TransactWriteItems"]
    (told,) = stored_events("user.email_change_requested")
    assert (told.data["email"], told.actor) == (NEW, who.id)
    assert tenant.credential(who.id).email == who.email
    assert sign_in(who.id).state.email_change.email == NEW


def test_a_taken_address_is_answered_alike(tenant, clock):
    who, other = member(tenant), member(tenant)
    free, taken = change(who), change(other, who.email)
    assert (free.status, free.body) == (taken.status, taken.body)


def test_the_address_one_has_already_changes_nothing(tenant, clock):
    who = member(tenant)
    assert change(who, who.email).status == 200
    assert stored_events("user.email_change_requested") == []


def test_one_mail_a_minute(tenant, clock):
    who = member(tenant)
    assert [change(who).status for _ in range(2)] == [200, 200]
    assert len(stored_events("user.email_change_requested")) == 1
    for _ in range(LIMIT):  # impatience is no guess
        assert answer(change(who, "other@example.com")) == (409, "requested_too_soon")
    clock.forward(minutes=1)
    assert change(who, "other@example.com").status == 200


def test_it_takes_the_password(tenant, clock, compared):
    who = member(tenant)
    for _ in range(LIMIT):
        reply = change(who, password=WRONG)
        assert (*answer(reply), reply.body["errors"][0]["field"]) == (422, "wrong_password", "password")
    assert answer(change(who)) == (403, "account_locked")
    assert compared["n"] == LIMIT
    assert stored_events("user.email_change_requested") == []


@pytest.mark.parametrize(
    "given, refused",
    [
        ({"principal": None}, (401, "no_principal")),
        ({"standing": "suspended"}, (403, "tenant_suspended")),
        ({"body": {"email": NEW}}, (422, "invalid_request")),
        ({"body": {"email": "x", "password": RIGHT}}, (422, "invalid_request")),
    ],
)
def test_manners(tenant, clock, given, refused):
    who = member(tenant)
    before = stored_items()
    good = {"body": {"email": NEW, "password": RIGHT}, "principal": who.id}
    assert answer(_change(**(good | given))) == refused
    assert stored_items() == before


def test_the_version_of_something_else_does_not_matter(tenant, clock):
    assert change(member(tenant), headers={"if-match": '"99"'}).status == 200
