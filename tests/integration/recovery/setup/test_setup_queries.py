"""Workspaces, Stripe accounts and sequences as they are asked for: each a Get, each list one Query."""

from datetime import timedelta

import pytest

from support.command_contract import ALL
from support.dynamodb import round_trips
from support.recovery.tenant import ACCT, NOON, ask, steps
from support.spec import ANN, OTHER
from troupe.ids import new_id

DOCUMENT = {  # payment-recovery-domain-model.md, Core Types
    "workspace": {
        "id",
        "name",
        "owner_user_id",
        "timezone",
        "billing_plan",
        "is_active",
        "created_at",
        "updated_at",
    },
    "account": {
        "id",
        "workspace_id",
        "stripe_account_id",
        "livemode",
        "scopes",
        "connected_at",
        "disconnected_at",
    },
    "sequence": {"id", "workspace_id", "name", "is_enabled", "steps", "created_at", "updated_at"},
    "step": {"id", "delay_hours", "subject_template", "body_template", "status"},
}


def of(workspace_id):
    return {"workspace_id": workspace_id}


def test_a_workspace_as_the_document_has_it(tenant):
    workspace = tenant.workspace(timezone="Europe/Berlin", quiet_from="20:00", decline_overrides=("x", "y"))
    sequence = tenant.sequence(workspace)
    with round_trips() as made:
        reply = ask("/workspaces/{workspace_id}", of(workspace))
    assert (reply.status, reply.version, made) == (200, 2, ["BatchGetItem"])
    assert reply.body.keys() >= DOCUMENT["workspace"]
    assert (reply.body["timezone"], reply.body["billing_plan"]) == ("Europe/Berlin", "starter")
    assert (reply.body["owner_user_id"], reply.body["default_sequence_id"]) == (ANN, sequence)
    assert reply.body["created_at"] == "2026-03-01T12:00:00Z"
    settings = reply.body["settings"]
    assert (settings["quiet_from"], settings["quiet_until"], settings["retry_limit"]) == ("20:00", "08:00", 8)
    assert settings["decline_overrides"] == ["x", "y"]


def test_the_workspaces_newest_first_page_by_page(tenant):
    made = [tenant.workspace(name) for name in ("A", "B", "C")]
    tenant.deactivate(made[0])
    with round_trips() as trips:
        first = ask("/workspaces", query={"limit": "2"})
    rest = ask("/workspaces", query={"limit": "2", "cursor": first.body["cursor"]})
    shown = [*first.body["items"], *rest.body["items"]]
    assert [(each["id"], each["is_active"]) for each in shown] == [
        (made[2], True),
        (made[1], True),
        (made[0], False),
    ]
    assert all(each.keys() == DOCUMENT["workspace"] for each in shown)
    assert (trips, rest.body["cursor"]) == (["Query"], None)
    assert ask("/workspaces", tenant_id=OTHER).body["items"] == []


def test_the_accounts_of_a_workspace(tenant):
    workspace = tenant.workspace()
    account = tenant.account(workspace)
    route = "/workspaces/{workspace_id}/stripe-accounts"
    (connected,) = ask(route, of(workspace)).body["items"]
    assert connected.keys() >= DOCUMENT["account"]
    assert (connected["id"], connected["stripe_account_id"]) == (account, ACCT)
    assert (connected["connected_at"], connected["disconnected_at"]) == ("2026-03-01T12:00:00Z", None)
    tenant.deauthorize(account, NOON + timedelta(hours=1))
    with round_trips() as made:
        (ended,) = ask(route, of(workspace)).body["items"]
    assert ended["disconnected_at"] == "2026-03-01T13:00:00Z"
    assert (ended["disconnected_reason"], made) == ("deauthorized", ["Query"])
    assert ask(route, of(workspace), tenant_id=OTHER).status == 404


def test_the_sequences_of_a_workspace(tenant):
    workspace, second = tenant.workspace(), tenant.workspace()
    made = [tenant.sequence(workspace, name=name, enabled=name == "A") for name in ("A", "B")]
    tenant.sequence(second)
    route = "/workspaces/{workspace_id}/dunning-sequences"
    with round_trips() as trips:
        items = ask(route, of(workspace)).body["items"]
    assert [(each["id"], each["is_enabled"], each["step_count"]) for each in items] == [
        (made[1], False, 3),
        (made[0], True, 3),
    ]
    assert (trips, items[0]["edition"]) == (["Query"], 1)


def test_a_sequence_as_the_document_has_it(tenant):
    workspace = tenant.workspace()
    sequence = tenant.sequence(workspace, *steps(0, 72), delays_from="previous_sent")
    path = {"dunning_sequence_id": sequence}
    reply = ask("/dunning-sequences/{dunning_sequence_id}", path)
    assert reply.version == 2
    assert reply.body.keys() >= DOCUMENT["sequence"]
    assert (reply.body["workspace_id"], reply.body["is_enabled"]) == (workspace, True)
    assert (reply.body["delays_from"], reply.body["edition"]) == ("previous_sent", 1)
    assert [each["delay_hours"] for each in reply.body["steps"]] == [0, 72]
    assert all(each.keys() == DOCUMENT["step"] for each in reply.body["steps"])
    assert {each["status"] for each in reply.body["steps"]} == {"scheduled"}


@pytest.mark.parametrize("edition", ["0", "2", "1000000", "01", "x", "1#"])
def test_an_edition_that_is_not_there(tenant, edition):
    path = {"dunning_sequence_id": tenant.sequence(tenant.workspace()), "version": edition}
    assert ask("/dunning-sequences/{dunning_sequence_id}/versions/{version}", path).status == 404


ROUTES = {
    "/workspaces": "workspace:read",
    "/workspaces/{workspace_id}": "workspace:read",
    "/workspaces/{workspace_id}/stripe-accounts": "stripe_account:read",
    "/workspaces/{workspace_id}/stripe-connect-url": "stripe_account:connect",
    "/workspaces/{workspace_id}/dunning-sequences": "dunning_sequence:read",
    "/dunning-sequences/{dunning_sequence_id}": "dunning_sequence:read",
    "/dunning-sequences/{dunning_sequence_id}/versions/{version}": "dunning_sequence:read",
}


@pytest.mark.parametrize("route", ROUTES)
def test_who_may_ask_and_what_is_not_theirs(tenant, route):
    workspace = tenant.workspace()
    path = {"workspace_id": workspace, "dunning_sequence_id": tenant.sequence(workspace), "version": "1"}
    assert ask(route, path, principal=None).status == 401
    assert ask(route, path, permissions=ALL - {ROUTES[route]}).body["code"] == "permission_required"
    if not route.endswith("url"):
        assert ask(route, path, standing="suspended").status == 200
    if "{" in route:
        nobody = {**path, "workspace_id": "w", "dunning_sequence_id": "s"}
        assert ask(route, nobody).status == 404
        assert ask(route, path, tenant_id=OTHER).status == 404
        elsewhere = {**path, "workspace_id": new_id(), "dunning_sequence_id": new_id()}
        assert ask(route, elsewhere).status == 404
