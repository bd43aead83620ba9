import pytest

from identity.user.decider import USER
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.identity.sign_in import RIGHT, Member, link, log_in
from support.identity.tenant import Call, Tenant
from support.spec import OTHER, TENANT, request, send
from troupe.clock import now
from troupe.quota import quota
from troupe.security.credential import CREDENTIAL
from troupe.store import keys, reads, tenant_status, writes
from troupe.store.commit import commit
from troupe.store.transact import load

_verify = Call("verify_user", "POST /users/verify")
delete = Call("delete_user", "DELETE /users/{user_id}")
PATH = {"slug": "acme"}
BODY = {"email": "Emily@Example.com", "display_name": "Emily"}


@pytest.fixture
def tenant(table):
    standing = {"status": "active", "open_sign_up": True, "plan": "free", "zone": "UTC"}
    commit(
        [
            writes.put(keys.standing(TENANT), standing),
            writes.put(keys.unique("slug", "acme"), {"tenant_id": TENANT}),
            *tenant_status.published(TENANT, "active", open_sign_up=True),
            *quota.opened(TENANT, "users", 2),
        ]
    )
    return table


def seats():
    return quota.level(reads.batch(quota.wanted(TENANT, "users")), TENANT, "users")


def register(path=None, **body):
    from identity.sign_up.handlers.register_user import handler

    return send(handler, request(BODY | body, path=path or PATH, principal=None))


def verify(user_id, at, password=RIGHT):
    who = Member(user_id, BODY["email"])
    return _verify(body={"token": link("verify", who, at), "password": password}, principal=None)


def test_a_stranger_becomes_a_pending_user_without_a_seat(tenant):
    with round_trips() as made:
        reply = register()
    assert (reply.status, made) == (201, ["UpdateItem", "BatchGetItem", "TransactWriteItems"])
    user = load(TENANT, USER, reply.body["id"])
    credential = load(TENANT, CREDENTIAL, reply.body["id"])
    assert (user.state.status, user.state.email, user.version) == ("pending", "emily@example.com", 1)
    assert credential.state.status == "pending"
    assert reads.one(keys.email("emily@example.com", TENANT))["principal_id"] == reply.body["id"]
    assert seats().available == 2


def test_takes_no_password(tenant):
    reply = register(password="emily's password")
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "password")


class TestAnAddressThatIsProved:
    def test_is_answered_alike_and_writes_nothing(self, tenant, clock):
        clock.instant = now()
        first = register()
        assert verify(first.body["id"], clock()).status == 200
        before = stored_items()
        second = register(email="emily@example.com", display_name="Mallory")
        assert (second.status, second.body.keys(), second.headers.keys()) == (
            201,
            first.body.keys(),
            first.headers.keys(),
        )
        assert second.body["status"] == "pending"
        assert second.body["id"] != first.body["id"]
        assert stored_items() == before

    def test_stays_with_who_is_deleted(self, tenant, clock):
        """S-51 of commerce: a deleted user may be restored, so the address stays reserved."""
        clock.instant = now()
        first = register().body["id"]
        verify(first, clock())
        assert delete({"user_id": first}).status == 200
        second = register().body["id"]
        assert reads.one(keys.email("emily@example.com"))["principal_id"] == first
        assert load(TENANT, USER, second).version == 0


class TestAnAddressThatIsNotProvedYet:
    def test_gets_the_mail_once_more(self, tenant, clock):
        first = register().body["id"]
        second = register()
        assert (second.status, second.body["id"] != first) == (201, True)
        assert load(TENANT, USER, second.body["id"]).version == 0
        assert [event.aggregate_id for event in stored_events("user.verification_requested")] == [first]

    def test_whose_account_has_ended_is_asked_for_nothing(self, tenant, clock):
        first = register().body["id"]
        assert delete({"user_id": first}).status == 200
        register()
        assert stored_events("user.verification_requested") == []

    def test_of_two_who_register_it_at_once_one_has_it(self, tenant):
        """S-51 of commerce: however it is written, and the other is answered alike."""
        quick = []
        with before_next_write(lambda: quick.append(register(email="EMILY@example.com"))):
            slow = register()
        assert [each.status for each in (slow, *quick)] == [201, 201]
        assert reads.one(keys.email("emily@example.com", TENANT))["principal_id"] == quick[0].body["id"]
        assert load(TENANT, USER, slow.body["id"]).version == 0

    @pytest.mark.parametrize("first", ["attacker", "victim"])
    def test_only_the_password_that_came_with_the_link_counts(self, tenant, clock, first):
        """better-auth 11023 and the reverse order: a registration gives no password, the first or the last."""
        clock.instant = now()
        order = ("attacker", "victim") if first == "attacker" else ("victim", "attacker")
        (made, *_) = [register(display_name=name).body["id"] for name in order]
        for guess in ("the attacker's password", RIGHT):
            assert log_in(BODY["email"].lower(), guess).status == 401
        assert verify(made, clock()).status == 200
        assert log_in(BODY["email"].lower()).status == 200
        assert log_in(BODY["email"].lower(), "the attacker's password").status == 401

    def test_is_free_in_other_tenants(self, tenant, clock):
        """Sixty addresses that a stranger invites or registers in one tenant are free in every other."""
        clock.instant = now()
        elsewhere = Tenant(OTHER)
        elsewhere.found()
        commit([writes.put(keys.unique("slug", "other"), {"tenant_id": OTHER})])
        squatted = register().body["id"]
        theirs = register({"slug": "other"}).body["id"]
        token = link("verify", Member(theirs, BODY["email"]), clock(), OTHER)
        assert _verify(body={"token": token, "password": RIGHT}, principal=None).status == 200
        late = verify(squatted, clock())
        assert (late.status, late.body["code"]) == (409, "email_taken")
        assert load(TENANT, USER, squatted).state.status == "deleted"
        assert log_in(BODY["email"].lower()).body["user"]["tenant_id"] == OTHER


def test_junk_closes_no_tenant(tenant, clock):
    """Ten seats, ten junk addresses, and a person: the seats are for who proves an address."""
    clock.instant = now()
    commit(quota.relimit(TENANT, "users", 2, 10))
    for n in range(10):
        register(email=f"junk{n}@example.com")
    made = register().body["id"]
    assert verify(made, clock()).status == 200
    assert seats().used == 1


def test_closed_sign_up(tenant):
    commit(tenant_status.published(TENANT, "active", open_sign_up=False))
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
