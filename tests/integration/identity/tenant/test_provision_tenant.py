"""A stranger founds a tenant: all of it at once, or none of it."""

from datetime import timedelta

import pytest

from identity.organization.decider import ORGANIZATION
from identity.plans import PLANS, limits
from identity.staff.decider import STAFF
from identity.tenant.decider import TRIAL
from identity.usage.period_decider import USAGE_PERIOD, end
from identity.user import owners
from identity.user.decider import USER
from support.identity.provisioned_tenant import BODY, ORGANIZATION_ID, OWNER, SETTLED, provision
from support.identity.tenant import Call, happened, items, round_trips
from support.spec import ANN, TENANT
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.security import passwords
from troupe.security.credential import CREDENTIAL, PASSWORD
from troupe.store import keys, reads
from troupe.store.transact import load

DOMAIN = {"domain": "acme.example"}
OTHERS = {**OWNER, "email": "bob@bob.example"}
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
            "plan": "pro",
            "zone": "Europe/Berlin",
            "slug": "acme",
            "name": "Acme",
            "open_sign_up": False,
            "limits": limits(PLANS["pro"]),
            "settings": SETTLED,
            "roles": {},
        }

    def test_has_a_default_organization_and_its_first_month(self, acme):
        organization = load(TENANT, ORGANIZATION, ORGANIZATION_ID)
        assert organization.state.name == "Acme"
        month = month_of(now(), "Europe/Berlin")
        assert load(TENANT, USAGE_PERIOD, month).state.closes_at == end(month, "Europe/Berlin")

    def test_has_its_quotas_with_what_it_begins_with(self, acme):
        most = PLANS["pro"]
        assert acme.tally("users") == (1, most.max_users, most.max_users - 1)
        assert acme.tally("organizations") == (1, most.max_organizations, most.max_organizations - 1)
        for name in ("talents", "campaigns", "storage_bytes"):
            assert acme.tally(name)[0] == 0

    def test_has_an_owner_who_is_to_confirm_the_address(self, acme):
        user, credential = load(TENANT, USER, ANN).state, load(TENANT, CREDENTIAL, ANN).state
        assert (user.status, user.kind, user.roles) == ("pending", "staff", ("staff", "owner"))
        assert user.organizations == (ORGANIZATION_ID,)
        assert (credential.status, credential.email) == ("pending", "ann@acme.example")
        hashed = reads.one(keys.part(TENANT, CREDENTIAL.name, ANN, PASSWORD))["hash"]
        assert passwords.matches(OWNER["password"], hashed)
        assert reads.one(owners.tally(TENANT))["owners"] == 1
        assert load(TENANT, STAFF, ANN).state.status == "let_in"

    def test_is_told_of(self, acme):
        told = {event.type for event in happened()}
        assert told == {
            "tenant.provisioned",
            "tenant.org_created",
            "tenant.user_created",
            "tenant.usage_period_scheduled",
            "user.created",
            "user.org_joined",
            "credential.opened",
        }
        assert {(event.tenant_id, event.actor) for event in happened()} == {(TENANT, ANN)}
        assert OWNER["password"] not in str(items())


class TestTheAnswer:
    def test_in_one_round_trip(self, table):
        with round_trips() as made:
            reply = provision()
        assert made == ["TransactWriteItems"]
        assert (reply.status, reply.body["status"], reply.body["slug"]) == (201, "trial", "acme")
        assert reply.headers["location"] == f"/v1/identity/tenants/{reply.body['id']}"

    def test_what_is_left_out(self, table):
        body = {"name": "Bob's", "slug": "bobs", "owner": OTHERS}
        reply = Call("provision_tenant", "POST /tenants", body)(principal=None)
        (told,) = happened("tenant.provisioned")
        assert (told.data["plan"], told.data["zone"]) == ("free", "UTC")
        (organization,) = happened("tenant.org_created")
        assert (organization.data["name"], organization.aggregate_id) == (
            "Bob's",
            reply.body["organization_id"],
        )

    def test_strangers_cannot_join_until_the_tenant_says_so(self, acme):
        body = {"email": "eve@example.com", "password": "eve's password", "display_name": "Eve"}
        assert register({"slug": "acme"}, body=body, principal=None).body["code"] == "sign_up_closed"


class TestNames:
    def test_a_slug_is_taken_once(self, acme):
        before = items()
        reply = provision(owner=OTHERS)
        assert (reply.status, reply.body["code"]) == (409, "slug_taken")
        assert items() == before

    def test_a_domain_is_taken_once(self, table):
        assert provision(**DOMAIN).status == 201
        before = items()
        reply = provision(slug="other", owner=OTHERS, **DOMAIN)
        assert (reply.status, reply.body["code"]) == (409, "domain_taken")
        assert items() == before


class TestATakenAddress:
    def test_is_answered_alike_and_founds_nothing(self, acme):
        before = len(happened())
        first, second = provision(slug="one", owner=OTHERS), provision(slug="two", **DOMAIN)
        assert (second.status, second.body.keys(), second.headers.keys()) == (
            first.status,
            first.body.keys(),
            first.headers.keys(),
        )
        assert reads.one(keys.standing(second.body["id"])) is None
        assert len(happened()) == 2 * before

    def test_holds_the_names_as_a_tenant_would(self, acme):
        reply = provision(slug="two", **DOMAIN)
        for taken in ({"slug": "two"}, {"slug": "three", **DOMAIN}):
            assert provision(**taken, owner=OTHERS).status == 409
        body = {"email": "eve@example.com", "password": "eve's password", "display_name": "Eve"}
        assert register({"slug": "two"}, body=body, principal=None).body["code"] == "sign_up_closed"
        assert guard("slug", "two")["tenant_id"] == reply.body["id"]

    def test_holds_them_for_as_long_as_a_trial(self, acme, clock):
        clock.instant = now()
        provision(slug="two", **DOMAIN)
        clock.instant += TRIAL - timedelta(seconds=2)
        assert provision(slug="two", owner=OTHERS, **DOMAIN).body["code"] == "slug_taken"
        clock.forward(seconds=3)
        reply = provision(slug="two", owner=OTHERS, **DOMAIN)
        assert reply.status == 201
        assert guard("slug", "two") == {
            "PK": "@#UNIQUE#SLUG#two",
            "SK": "UNIQUE",
            "tenant_id": reply.body["id"],
        }

    def test_holds_no_domain_that_was_not_named(self, acme):
        provision(slug="two")
        assert [item["PK"] for item in items() if "expires_at" in item] == ["@#UNIQUE#SLUG#two"]

    def test_tells_of_a_taken_slug_before_it(self, acme):
        assert provision().body["code"] == "slug_taken"


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "acme*"}, "slug"),
        ({"slug": "acme#2"}, "slug"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"plan": "gold"}, "plan"),
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
    assert items() == []


def test_a_number_that_is_none_is_not_stored(table):
    raw = '{"name":"A","slug":"a","owner":{"email":"a@a.example","password":"long enough 1","display_name":"A"},'
    reply = Call("provision_tenant", "POST /tenants")(body=raw + '"metadata":{"a":1e999}}', principal=None)
    assert (reply.status, items()) == (422, [])


def test_a_short_password(table):
    reply = provision(owner={**OWNER, "password": "short"})
    assert (reply.status, reply.body["code"]) == (422, "password_too_short")


def test_no_key_is_taken_since_the_body_is_secret(table):
    keyed = {"headers": {"idempotency-key": "k1"}, "principal": None}
    provisioning = Call("provision_tenant", "POST /tenants", BODY)
    assert provisioning(**keyed).status == 201
    assert provisioning(**keyed).body["code"] == "slug_taken"
    assert [item for item in items() if "#IDEMPOTENCY#" in item["PK"]] == []
