import pytest

from identity.user.decider import USER
from support.identity.tenant import Call, meanwhile
from support.spec import TENANT, request, send
from troupe.quota import quota
from troupe.quota.warnings import QUOTA
from troupe.security.credential import CREDENTIAL
from troupe.store import keys, reads, writes
from troupe.store.commit import commit
from troupe.store.transact import load

PATH = {"slug": "acme"}
BODY = {"email": "Emily@Example.com", "password": "emily's password", "display_name": "Emily"}


@pytest.fixture
def tenant(table):
    standing = {"status": "active", "open_sign_up": True, "plan": "free", "zone": "UTC"}
    commit(
        [
            writes.put(keys.standing(TENANT), standing),
            writes.put(keys.unique("slug", "acme"), {"tenant_id": TENANT}),
            quota.opened(TENANT, "users", 2),
        ]
    )
    return table


def register(path=None, **body):
    from identity.sign_up.handlers.register_user import handler

    return send(handler, request(BODY | body, path=path or PATH, principal=None))


def test_a_stranger_becomes_a_pending_user_who_can_sign_in_later(tenant):
    reply = register()
    assert reply.status == 201
    user = load(TENANT, USER, reply.body["id"])
    credential = load(TENANT, CREDENTIAL, reply.body["id"])
    assert (user.state.status, user.state.email, user.version) == ("pending", "emily@example.com", 1)
    assert credential.state.status == "pending"
    assert reads.one(keys.email("emily@example.com"))["principal_id"] == reply.body["id"]
    assert reads.one(quota.tally(TENANT, "users"))["available"] == 1


def test_a_taken_address_answers_alike_and_writes_nothing(tenant):
    first = register()
    before = tenant.scan(TableName="t", Select="COUNT")["Count"]
    second = register(email="emily@example.com", display_name="Mallory")
    assert (second.status, second.body.keys(), second.headers.keys()) == (
        201,
        first.body.keys(),
        first.headers.keys(),
    )
    assert second.body["status"] == "pending"
    assert second.body["id"] != first.body["id"]
    assert tenant.scan(TableName="t", Select="COUNT")["Count"] == before


def test_of_two_who_register_one_address_at_once_one_has_it(tenant):
    """S-51 of commerce: however it is written, and the other is answered alike."""
    quick = []
    with meanwhile(lambda: quick.append(register(email="EMILY@example.com"))):
        slow = register()
    assert [each.status for each in (slow, *quick)] == [201, 201]
    assert reads.one(keys.email("emily@example.com"))["principal_id"] == quick[0].body["id"]
    assert load(TENANT, USER, slow.body["id"]).version == 0
    assert reads.one(quota.tally(TENANT, "users"))["available"] == 1


def test_the_address_of_who_is_deleted_stays_theirs(tenant):
    """S-51 of commerce: they may come back, so that nobody else gets it meanwhile."""
    first = register().body["id"]
    assert Call("delete_user", "DELETE /users/{user_id}")({"user_id": first}).status == 200
    second = register().body["id"]
    assert reads.one(keys.email("emily@example.com"))["principal_id"] == first
    assert load(TENANT, USER, second).version == 0


def test_the_last_seat_goes_once_and_the_refusal_is_told_once_a_period(tenant):
    assert [register(email=f"p{n}@example.com").status for n in range(4)] == [201, 201, 409, 409]
    told = load(TENANT, QUOTA, "users")
    assert (told.version, told.state.exceeded) == (1, True)


def test_a_full_tenant_refuses_a_taken_address_like_any_other(tenant):
    assert [register(email=f"p{n}@example.com").status for n in (0, 1)] == [201, 201]
    assert [register(email=f"p{n}@example.com").body["code"] for n in (0, 2)] == ["quota_exceeded"] * 2


def test_closed_sign_up(tenant):
    commit([writes.put(keys.standing(TENANT), {"status": "active", "open_sign_up": False})])
    assert register().body["code"] == "sign_up_closed"


@pytest.mark.parametrize("slug", ["acme", "a#b", "", "x" * 3000, "Acme", "acme\n", "é"])
def test_unknown_tenant(table, slug):
    assert register({"slug": slug}).status == 404


@pytest.mark.parametrize(
    "wrong, fields",
    [
        ({"email": "nobody"}, {"email": "string_pattern_mismatch"}),
        (
            {"display_name": "", "admin": True},
            {"display_name": "string_too_short", "admin": "extra_forbidden"},
        ),
    ],
)
def test_bad_fields_are_named(tenant, wrong, fields):
    reply = register(**wrong)
    assert reply.status == 422
    assert {error["field"]: error["code"] for error in reply.body["errors"]} == fields


def test_a_short_password(tenant):
    reply = register(password="short")
    assert (reply.status, reply.body["code"]) == (422, "password_too_short")
