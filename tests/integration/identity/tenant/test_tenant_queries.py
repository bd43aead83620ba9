"""What is asked about a tenant: itself, its organizations, its usage."""

import pytest

from identity.plans import PLANS
from support.command_contract import ALL
from support.dynamodb import round_trips
from support.identity.provisioned_tenant import OPERATOR, ORGANIZATION_ID, PATH, ask
from support.identity.tenant import Call
from support.spec import OTHER, TENANT
from troupe.clock import now
from troupe.domain.buckets import UNLIMITED
from troupe.domain.time_zones import month_of

organize = Call("create_organization", "POST /organizations")
record = Call("record_usage", "POST /tenants/{tenant_id}/usage")
quotas = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas")
ROUTES = [
    ("/tenants/{tenant_id}", PATH, "tenant:read"),
    ("/tenants/{tenant_id}/usage", PATH, "tenant:read"),
    ("/organizations", {}, "organization:read"),
    ("/organizations/{organization_id}", {"organization_id": ORGANIZATION_ID}, "organization:read"),
]


class TestTenant:
    def test_as_it_is(self, acme):
        reply = ask("/tenants/{tenant_id}", PATH)
        assert (reply.status, reply.version) == (200, 1)
        body = reply.body
        assert (body["id"], body["slug"], body["status"], body["plan"]) == (
            TENANT,
            "acme",
            "trial",
            "trial",
        )
        assert (body["subscription_tier"], body["zone"], body["metadata"]) == ("free", "Europe/Berlin", {})
        assert body["limits"]["users"] == PLANS["trial"].max_users
        assert body["quotas"]["max_users"] is None
        assert body["created_at"] < body["trial_ends_at"]

    def test_no_limit_is_null(self, acme):
        quotas(PATH, body={"max_users": UNLIMITED}, **OPERATOR)
        body = ask("/tenants/{tenant_id}", PATH, **OPERATOR).body
        assert (body["limits"]["users"], body["quotas"]["max_users"]) == (None, UNLIMITED)

    def test_that_there_is_not(self, acme):
        assert ask("/tenants/{tenant_id}", {"tenant_id": OTHER}, **OPERATOR).status == 404


class TestOrganizations:
    def test_in_pages(self, acme):
        made = [organize(body={"name": f"O{n}"}).body["id"] for n in range(3)]
        first = ask("/organizations", query={"limit": "3"}).body
        rest = ask("/organizations", query={"limit": "3", "cursor": first["cursor"]}).body
        found = [*first["items"], *rest["items"]]
        assert {each["id"] for each in found} == {ORGANIZATION_ID, *made}
        assert rest["cursor"] is None
        assert {"id": made[0], "name": "O0"} in found

    def test_other_tenants_see_no_organizations(self, acme):
        assert ask("/organizations", tenant_id=OTHER).body["items"] == []

    def test_one(self, acme):
        reply = ask("/organizations/{organization_id}", {"organization_id": ORGANIZATION_ID})
        assert (reply.body["name"], reply.body["settings"], reply.version) == ("Acme", {}, 1)

    def test_one_that_there_is_not(self, acme):
        for organization_id in (OTHER, "acme"):
            path = {"organization_id": organization_id}
            assert ask("/organizations/{organization_id}", path).status == 404


class TestUsage:
    def test_of_the_month_and_of_every_quota(self, acme):
        for metric, amount in (("api_calls", 3), ("minutes", 7)):
            record(PATH, body={"metric": metric, "amount": amount, "usage_id": "u-1"})
        with round_trips() as made:
            body = ask("/tenants/{tenant_id}/usage", PATH).body
        assert made == ["BatchGetItem"]
        assert body["period"] == month_of(now(), "Europe/Berlin")
        assert body["usage"] == {"api_calls": 3, "minutes": 7}
        shown = {each["quota"]: each for each in body["quotas"]}
        most = PLANS["trial"]
        assert shown["api_calls"] == {
            "quota": "api_calls",
            "used": 3,
            "limit": most.max_api_calls_per_month,
            "available": most.max_api_calls_per_month - 3,
        }
        assert (shown["organizations"]["used"], shown["talents"]["used"]) == (1, 0)
        assert len(shown) == 7

    def test_above_a_limit_that_was_lowered(self, acme):
        quotas(PATH, body={"max_organizations": 0, "max_talents": UNLIMITED}, **OPERATOR)
        shown = {each["quota"]: each for each in ask("/tenants/{tenant_id}/usage", PATH).body["quotas"]}
        assert (shown["organizations"]["limit"], shown["organizations"]["available"]) == (0, -1)
        assert (shown["talents"]["limit"], shown["talents"]["available"]) == (None, None)

    def test_of_a_tenant_that_there_is_not(self, acme):
        assert ask("/tenants/{tenant_id}/usage", {"tenant_id": OTHER}, **OPERATOR).status == 404


@pytest.mark.parametrize("route, path, permission", ROUTES)
def test_who_may(acme, route, path, permission):
    assert ask(route, path).status == 200
    assert ask(route, path, standing="suspended").status == 200
    assert ask(route, path, permissions=ALL - {permission}).body["code"] == "permission_required"
    assert ask(route, path, principal=None).status == 401
    if route != "/organizations":
        assert ask(route, path, tenant_id=OTHER).status == 404
