"""A stranger founds a tenant: all of it at once, or none of it."""

from datetime import timedelta

import pytest

from identity.organization.decider import ORGANIZATION
from identity.plans import PLANS, RATES, UPLOADS, limits
from identity.staff.decider import STAFF
from identity.tenant.decider import TRIAL
from identity.usage.period_decider import USAGE_PERIOD, end
from identity.user import owners
from identity.user.decider import USER
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.provisioned_tenant import BODY, ORGANIZATION_ID, OWNER, SETTLED, provision
from support.identity.sign_in import RIGHT, Member, link
from support.identity.tenant import Call
from support.spec import ANN, TENANT
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.security.credential import CREDENTIAL, PASSWORD
from troupe.store import keys, reads
from troupe.store.transact import load

DOMAIN = {"domain": "acme.example"}
OTHERS = {**OWNER, "email": "bob@bob.example"}
verify = Call("verify_user", "POST /users/verify")
register = Call("register_user", "POST /tenants/{slug}/users")


def guard(name: str, value: str) -> dict | None:
    return reads.one(keys.unique(name, value))


class TestTheTenant:
    def test_is_on_trial_and_published(self, acme):
        tenant = acme.tenant()
        assert (tenant.status, tenant.slug, tenant.zone) == ("trial", "acme", "Europe/Berlin")
        assert tenant.trial_ends_at - tenant.created_at == TRIAL
        shown = {name: value for name, value in acme.standing().items() if name not in {"PK", "SK"}}
        assert shown == {
            "status": "trial",
            "plan": "trial",
            "zone": "Europe/Berlin",
            "slug": "acme",
            "name": "Acme",
            "open_sign_up": False,
            "limits": limits(PLANS["trial"]),
            "calls_per_minute": RATES["trial"],
            "uploads_per_day": UPLOADS["trial"],
            "settings": SETTLED,
            "roles": {},
        }

    def test_has_a_default_organization_and_its_first_month(self, acme):
        organization = load(TENANT, ORGANIZATION, ORGANIZATION_ID)
        assert organization.state.name == "Acme"
        month = month_of(now(), "Europe/Berlin")
        assert load(TENANT, USAGE_PERIOD, month).state.closes_at == end(month, "Europe/Berlin")

    def test_has_its_quotas_with_what_it_begins_with(self, acme):
        most = PLANS["trial"]
        assert acme.tally("users") == (0, most.max_users, most.max_users)
        assert acme.tally("organizations") == (1, most.max_organizations, most.max_organizations - 1)
        for name in ("talents", "campaigns", "storage_bytes"):
            assert acme.tally(name)[0] == 0

    def test_has_an_owner_who_is_to_confirm_the_address(self, acme):
        user, credential = load(TENANT, USER, ANN).state, load(TENANT, CREDENTIAL, ANN).state
        assert (user.status, user.kind, user.roles) == ("pending", "staff", ("staff", "owner"))
        assert user.organizations == (ORGANIZATION_ID,)
        assert (credential.status, credential.email) == ("pending", "ann@acme.example")
        assert reads.one(keys.part(TENANT, CREDENTIAL.name, ANN, PASSWORD)) is None
        assert reads.one(owners.counter(TENANT))["owners"] == 1
        assert load(TENANT, STAFF, ANN).state.status == "let_in"

    def test_is_told_of(self, acme):
        told = {event.type for event in stored_events()}
        assert told == {
            "tenant.provisioned",
            "tenant.org_created",
            "tenant.user_created",
            "tenant.usage_period_scheduled",
            "user.created",
            "user.org_joined",
            "credential.opened",
        }
        assert {(event.tenant_id, event.actor) for event in stored_events()} == {(TENANT, ANN)}


class TestTheAnswer:
    def test_in_one_round_trip(self, table):
        with round_trips() as made:
            reply = provision()
        assert made == ["UpdateItem", "TransactWriteItems"]
        assert (reply.status, reply.body["status"], reply.body["slug"]) == (201, "trial", "acme")
        assert reply.headers["location"] == f"/v1/identity/tenants/{reply.body['id']}"

    def test_what_is_left_out(self, table):
        body = {"name": "Bob's", "slug": "bobs", "owner": OTHERS}
        reply = Call("provision_tenant", "POST /tenants", body)(principal=None)
        (told,) = stored_events("tenant.provisioned")
        assert (told.data["plan"], told.data["zone"]) == ("trial", "UTC")
        (organization,) = stored_events("tenant.org_created")
        assert (organization.data["name"], organization.aggregate_id) == (
            "Bob's",
            reply.body["organization_id"],
        )

    def test_strangers_cannot_join_until_the_tenant_says_so(self, acme):
        body = {"email": "eve@example.com", "display_name": "Eve"}
        assert register({"slug": "acme"}, body=body, principal=None).body["code"] == "sign_up_closed"


class TestNames:
    def test_a_slug_is_taken_once(self, acme):
        before = stored_items()
        reply = provision(owner=OTHERS)
        assert (reply.status, reply.body["code"]) == (409, "slug_taken")
        assert stored_items() == before

    def test_a_custom_domain_is_not_reserved(self, table):
        assert provision(**DOMAIN).status == 201
        assert provision(slug="other", owner=OTHERS, **DOMAIN).status == 201
        assert [item["PK"] for item in stored_items() if "#DOMAIN#" in item["PK"]] == []

    def test_a_slug_is_reserved_for_a_week_and_then_free(self, acme, clock):
        clock.instant = now() + timedelta(days=7) - timedelta(minutes=1)
        assert provision(owner=OTHERS).body["code"] == "slug_taken"
        clock.forward(minutes=2)
        reply = provision(owner=OTHERS)
        assert (reply.status, guard("slug", "acme")["tenant_id"]) == (201, reply.body["id"])

    def test_a_slug_is_the_tenant_s_own_when_the_owner_has_proved_the_address(self, acme, clock):
        clock.instant = now()
        token = link("verify", Member(ANN, OWNER["email"]), clock())
        with round_trips() as made:
            assert verify(body={"token": token, "password": RIGHT}, principal=None).status == 200
        assert made == ["BatchGetItem", "TransactWriteItems"]
        held = {name: value for name, value in guard("slug", "acme").items() if name not in {"PK", "SK"}}
        assert held == {"tenant_id": TENANT}
        clock.forward(days=365)
        assert provision(owner=OTHERS).body["code"] == "slug_taken"


class TestATakenAddress:
    @pytest.fixture
    def taken(self, acme, clock):
        """Ann has proved hers."""
        clock.instant = now()
        token = link("verify", Member(ANN, OWNER["email"]), clock())
        assert verify(body={"token": token, "password": RIGHT}, principal=None).status == 200
        return acme

    def test_is_answered_alike_and_founds_nothing(self, taken):
        before = len(stored_events())
        first = provision(slug="one", owner=OTHERS)
        told = len(stored_events())
        second = provision(slug="two", **DOMAIN)
        assert (second.status, second.body.keys(), second.headers.keys()) == (
            first.status,
            first.body.keys(),
            first.headers.keys(),
        )
        assert reads.one(keys.standing(second.body["id"])) is None
        assert (told > before, len(stored_events())) == (True, told)

    def test_reserves_the_slug_as_a_tenant_would(self, taken, clock):
        reply = provision(slug="two")
        assert provision(slug="two", owner=OTHERS).status == 409
        body = {"email": "eve@example.com", "display_name": "Eve"}
        assert register({"slug": "two"}, body=body, principal=None).body["code"] == "sign_up_closed"
        assert guard("slug", "two")["tenant_id"] == reply.body["id"]
        clock.forward(days=7)
        assert provision(slug="two", owner=OTHERS).status == 201

    def test_tells_of_a_taken_slug_before_it(self, taken):
        assert provision().body["code"] == "slug_taken"

    def test_an_unproved_address_is_free(self, acme):
        """A sign-up with the address of another person does not block the address."""
        reply = provision(slug="two")
        assert reads.one(keys.standing(reply.body["id"]))["slug"] == "two"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "acme*"}, "slug"),
        ({"slug": "acme#2"}, "slug"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"plan": "gold"}, "plan"),
        ({"plan": "enterprise"}, "plan"),
        ({"slug": "admin"}, "slug"),
        ({"domain": "localhost"}, "domain"),
        ({"owner": {**OWNER, "email": "ann"}}, "owner.email"),
        ({"metadata": {"a": "x" * 9000}}, "metadata"),
        ({"open_sign_up": True}, "open_sign_up"),
    ],
)
def test_bad_fields_are_named(table, wrong, field):
    """S-53 of commerce: no slug holds what a key or a policy gives a meaning."""
    reply = provision(**wrong)
    assert (reply.status, [error["field"] for error in reply.body["errors"]]) == (422, [field])
    assert stored_items() == []


def test_a_number_that_is_none_is_not_stored(table):
    raw = '{"name":"A","slug":"a","owner":{"email":"a@a.example","display_name":"A"},'
    reply = Call("provision_tenant", "POST /tenants")(body=raw + '"metadata":{"a":1e999}}', principal=None)
    assert (reply.status, stored_items()) == (422, [])


def test_no_key_is_taken_since_the_body_is_secret(table):
    keyed = {"headers": {"idempotency-key": "k1"}, "principal": None}
    provisioning = Call("provision_tenant", "POST /tenants", BODY)
    assert provisioning(**keyed).status == 201
    assert provisioning(**keyed).body["code"] == "slug_taken"
    assert [item for item in stored_items() if "#IDEMPOTENCY#" in item["PK"]] == []
