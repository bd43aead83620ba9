import pytest

from support.dynamodb import stored_events, stored_items
from support.identity.sign_in import RIGHT, fail, log_in, member, refresh
from support.spec import ANN, LAMBDA, TENANT, request, send
from troupe.domain.decider import Rejected
from troupe.edge.principal import Forbidden
from troupe.security.credential import CREDENTIAL
from troupe.store import reads
from troupe.store.keys import SYSTEM, email, part
from troupe.store.transact import load

BODY = {"email": "Root@Example.com", "password": RIGHT, "display_name": "Rosa"}


def create(tenant_id=SYSTEM, **body):
    from identity.sign_up.handlers.create_operator import handler

    return handler({"tenant_id": tenant_id, "path": {}, "body": BODY | body, "actor": "ops"}, LAMBDA)


def test_an_operator_signs_in_at_once(table, clock):
    made = create()["id"]
    credential = load(SYSTEM, CREDENTIAL, made).state
    assert (credential.kind, credential.status, credential.roles) == ("operator", "active", ("operator",))
    assert reads.one(part(SYSTEM, "credential", made, "PROFILE"))["display_name"] == "Rosa"
    reply = log_in("root@example.com")
    assert reply.status == 200
    user = reply.body["user"]
    assert (user["id"], user["kind"], user["tenant_id"]) == (made, "operator", "@")
    assert "tenant:suspend" in user["permissions"]
    assert refresh(reply.body["refresh_token"]).status == 200
    assert stored_events("credential.opened")[0].actor == "ops"


def test_the_same_address_is_the_same_operator_with_the_same_password(table, clock):
    first = create()
    before = stored_items()
    assert create(password="another password") == first
    assert stored_items() == before


def test_a_proved_address_is_taken(tenant, clock):
    who = member(tenant)
    with pytest.raises(Rejected) as taken:
        create(email=who.email)
    assert taken.value.code == "email_taken"
    assert reads.one(email(who.email))["principal_id"] == who.id


def test_operators_are_locked_out_too(table, clock):
    create()
    assert fail("root@example.com", 6)[-1] == (403, "account_locked")


def test_only_by_hand_and_only_under_no_tenant(table):
    from identity.sign_up.handlers.create_operator import handler

    with pytest.raises(Forbidden):
        create(tenant_id=TENANT)
    for kind, tenant_id in (("user", TENANT), ("operator", SYSTEM)):
        reply = send(handler, request(BODY, principal=ANN, kind=kind, tenant_id=tenant_id))
        assert (reply.status, reply.body["code"]) == (403, "operator_required")
    assert stored_items() == []


@pytest.mark.parametrize("password, code", [("short", "password_too_short"), ("x" * 73, "password_too_long")])
def test_bad_passwords(table, password, code):
    with pytest.raises(Rejected) as refused:
        create(password=password)
    assert refused.value.code == code
