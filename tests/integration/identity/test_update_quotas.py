"""An operator sets a tenant's limits apart from its plan's."""

import pytest

from identity.plans import PLANS
from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call, Tenant
from troupe.domain.buckets import UNLIMITED
from troupe.security.roles import NAMES

update = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas", {"max_users": 3})
invite = Call("create_user", "POST /users")


def test_the_limit_is_another_and_the_rest_is_as_the_plan_says(acme):
    assert update(PATH, **OPERATOR).status == 200
    assert acme.tally("users") == (0, 3, 3)
    assert acme.tally("talents")[1] == PLANS["trial"].max_talents
    assert acme.standing()["limits"]["users"] == 3
    (told,) = stored_events("tenant.quotas_updated")
    assert (told.data["overrides"]["max_users"], told.data["limits"]["max_users"]) == (3, 3)


def test_all_at_once(acme):
    update(PATH, **OPERATOR)
    update(PATH, body={"max_api_calls_per_month": 7}, **OPERATOR)
    assert acme.tally("users")[1] == PLANS["trial"].max_users
    assert acme.standing()["limits"]["api_calls"] == 7


def test_an_unlimited_quota_is_stored_as_the_greatest_number(acme):
    update(PATH, body={"max_users": UNLIMITED}, **OPERATOR)
    assert acme.tally("users") == (0, UNLIMITED, UNLIMITED)


def test_the_hard_limit_refuses_and_says_so_once(acme):
    update(PATH, **OPERATOR)
    replies = []
    for n in range(5):
        replies.append(invite(body={"email": f"p{n}@example.com", "display_name": "P"}).status)
        if n < 3:  # and accepted
            Tenant().person(f"P{n}")
    assert replies == [201, 201, 201, 409, 409]
    assert [event.data["quota"] for event in stored_events("tenant.quota_exceeded")] == ["users"]


@pytest.mark.parametrize("limit", [-1, UNLIMITED + 1, 1.5, "many"])
def test_no_other_limit(acme, limit):
    reply = update(PATH, body={"max_users": limit}, **OPERATOR)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "max_users")


def test_manners(acme):
    CommandContract(
        update, path=PATH, permission="tenant:update_quotas", given={"permissions": NAMES}
    ).check()


def test_a_tenant_s_own_people_may_not(acme):
    assert update(PATH).body["code"] == "permission_required"
