"""A plan is confirmed or changed: the limits of what there is move with it, and nothing is taken away."""

from functools import partial

import pytest

from identity.plans import PLANS, limits
from support.command_contract import CommandContract
from support.dynamodb import before_next_write, stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call, Tenant

by_owner = Call("update_plan", "PUT /tenants/{tenant_id}/plan", {"plan": "free"})
update = partial(by_owner, **OPERATOR)
GROWTH = {"plan": "growth"}
organize = Call("create_organization", "POST /organizations", {"name": "Two"})


def test_the_trial_is_over(acme):
    assert update(PATH, body=GROWTH).status == 200
    assert (acme.tenant().status, acme.tenant().plan) == ("active", "growth")
    shown = acme.standing()
    assert (shown["status"], shown["plan"], shown["limits"]) == ("active", "growth", limits(PLANS["growth"]))
    (told,) = stored_events("tenant.plan_changed")
    assert (told.data["was"], told.data["plan"], told.data["activated"]) == ("trial", "growth", True)


def test_every_tally_gets_its_limit(acme):
    update(PATH, body=GROWTH)
    allowed = limits(PLANS["growth"])
    for name in ("talents", "campaigns", "users", "organizations", "storage_bytes"):
        used, limit, available = acme.tally(name)
        assert (limit, available) == (allowed[name], allowed[name] - used)


def test_a_downgrade_below_what_is_used_is_accepted_and_stops_growth(acme):
    assert [organize(body={"name": f"O{n}"}).status for n in range(3)] == [201] * 3
    assert update(PATH, body={"plan": "free"}).status == 200
    assert acme.tally("organizations") == (4, 1, -3)
    reply = organize()
    assert (reply.status, reply.body["code"]) == (409, "quota_exceeded")
    assert update(PATH, body={"plan": "pro"}).status == 200
    assert organize().status == 201


def test_what_is_used_meanwhile_is_not_lost(acme):
    with before_next_write(lambda: Tenant().person("Bob")):
        assert update(PATH, body=GROWTH).status == 200
    most = PLANS["growth"].max_users
    assert acme.tally("users") == (1, most, most - 1)


def test_two_changes_at_once_both_count(acme):
    with before_next_write(lambda: update(PATH, body={"plan": "starter"})):
        assert update(PATH, body=GROWTH).status == 200
    most = PLANS["growth"].max_talents
    assert acme.tally("talents") == (0, most, most)
    assert [event.data["plan"] for event in stored_events("tenant.plan_changed")] == ["starter", "growth"]


def test_an_owner_alone_only_goes_down(acme):
    """What a higher plan allows is paid for, or confirmed by an operator."""
    before = stored_items()
    for plan in ("starter", "enterprise"):
        reply = by_owner(PATH, body={"plan": plan})
        assert (reply.status, reply.body["code"]) == (409, "plan_not_confirmed")
    assert stored_items() == before
    assert by_owner(PATH).status == 200
    assert (acme.tenant().status, acme.tenant().plan) == ("active", "free")
    assert update(PATH, body={"plan": "pro"}).status == 200
    assert by_owner(PATH, body={"plan": "starter"}).status == 200


@pytest.mark.parametrize("plan", ["gold", "trial", None, 1])
def test_no_other_plan(acme, plan):
    reply = update(PATH, body={"plan": plan})
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, "plan")


def test_manners(acme):
    CommandContract(by_owner, path=PATH, permission="tenant:update_plan").check()
