"""An organization of a tenant: within the quota, which one of two takers of the last one gets."""

import pytest

from identity.organization.decider import ORGANIZATION
from support.command_contract import ALL, CommandContract
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.store.transact import load

BODY = {"name": "Acme Radio", "settings": {"color": "red"}}
create = Call("create_organization", "POST /organizations", BODY)
quotas = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas", {"max_organizations": 2})


def test_is_there_and_counts(acme):
    reply = create()
    organization_id = reply.body["id"]
    assert (reply.status, reply.headers["location"]) == (201, f"/v1/identity/organizations/{organization_id}")
    organization = load(TENANT, ORGANIZATION, organization_id).state
    assert (organization.name, organization.settings) == ("Acme Radio", {"color": "red"})
    assert acme.tally("organizations")[0] == 2
    assert stored_events("tenant.org_created")[-1].aggregate == "organization"


def test_the_hard_limit_refuses_and_says_so_once(acme):
    quotas(PATH, **OPERATOR)
    assert [create().status for _ in range(3)] == [201, 409, 409]
    assert [event.data["quota"] for event in stored_events("tenant.quota_exceeded")] == ["organizations"]


def test_one_key_makes_one(acme):
    CommandContract(create, permission="organization:create").once()
    assert acme.tally("organizations")[0] == 2


def test_who_may(acme):
    before = stored_items()
    assert create(principal=None).status == 401
    assert create(permissions=ALL - {"organization:create"}).body["code"] == "permission_required"
    assert create(standing="suspended").body["code"] == "tenant_suspended"
    assert stored_items() == before


@pytest.mark.parametrize(
    "wrong, field", [({"name": ""}, "name"), ({"settings": 1}, "settings"), ({"x": 1}, "x")]
)
def test_bad_fields_are_named(acme, wrong, field):
    reply = create(body=BODY | wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)
