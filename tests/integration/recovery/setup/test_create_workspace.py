"""A workspace is created in one round trip, owned by who asks or by another active user of the tenant."""

import pytest

from recovery.workspace.settings import Settings
from support.command_contract import ALL, CommandContract
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.recovery.tenant import Call
from support.spec import ANN
from troupe.ids import new_id
from troupe.security.credential import CREDENTIAL, MoveCredential
from troupe.store.aggregates import Ref
from troupe.store.transact import execute

BODY = {"name": "Acme", "timezone": "Europe/Berlin", "billing_plan": "pro", "settings": {"mail_cap": 1}}
create = Call("create_workspace", "POST /workspaces", BODY)


def test_is_there_with_defaults_where_nothing_is_said(tenant):
    reply = create()
    workspace_id = reply.body["id"]
    assert (reply.status, reply.body["version"]) == (201, 1)
    assert reply.headers["location"] == f"/v1/recovery/workspaces/{workspace_id}"
    workspace = tenant.load_workspace(workspace_id).state
    assert (workspace.name, workspace.owner_user_id, workspace.timezone) == ("Acme", ANN, "Europe/Berlin")
    assert workspace.settings == Settings(mail_cap=1)
    (event,) = stored_events("workspace.created")
    assert (event.actor, event.data["settings"]["retry_limit"]) == (ANN, 8)


def test_one_round_trip_and_one_key_makes_one(tenant):
    with round_trips() as made:
        create()
    assert made == ["TransactWriteItems"]
    CommandContract(create, permission="workspace:create").once()
    assert len(stored_events("workspace.created")) == 2


def test_for_another_user(tenant):
    owner = tenant.person()
    with round_trips() as made:
        reply = create(body=BODY | {"owner_user_id": owner})
    assert tenant.load_workspace(reply.body["id"]).state.owner_user_id == owner
    assert made == ["BatchGetItem", "TransactWriteItems"]
    assert create(body=BODY | {"owner_user_id": ANN}).status == 201


def test_the_owner_must_be_an_active_user(tenant):
    before = stored_items()
    others = (new_id(), tenant.person("suspended"), tenant.person(kind="supplier"))
    before = stored_items()
    for owner in others:
        reply = create(body=BODY | {"owner_user_id": owner})
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, "owner_user_id")
        assert reply.body["code"] == "unknown_owner"
    assert create(kind="system").body["code"] == "unknown_owner"
    assert stored_items() == before


def test_an_owner_who_is_suspended_meanwhile_is_none(tenant):
    owner = tenant.person()
    suspend = MoveCredential(status="suspended")
    act = before_next_write(lambda: execute(tenant.scope(), Ref(decider=CREDENTIAL, id=owner), suspend))
    with act:
        assert create(body=BODY | {"owner_user_id": owner}).body["code"] == "unknown_owner"


def test_who_may(tenant):
    before = stored_items()
    assert create(principal=None).status == 401
    assert create(permissions=ALL - {"workspace:create"}).body["code"] == "permission_required"
    assert create(standing="suspended").body["code"] == "tenant_suspended"
    assert stored_items() == before


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": " "}, "name"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"billing_plan": "free"}, "billing_plan"),
        ({"owner_user_id": "ann"}, "owner_user_id"),
        ({"x": 1}, "x"),
        ({"settings": {"retry_limit": 21}}, "settings.retry_limit"),
        ({"settings": {"window_days": 0}}, "settings.window_days"),
        ({"settings": {"payday_rule": "friday"}}, "settings.payday_rule"),
        ({"settings": {"retry_hour_local": 24}}, "settings.retry_hour_local"),
        ({"settings": {"quiet_from": "24:00"}}, "settings.quiet_from"),
        ({"settings": {"mail_cap": 0}}, "settings.mail_cap"),
        ({"settings": {"retry_concurrency": 0}}, "settings.retry_concurrency"),
        ({"settings": {"decline_overrides": ["Do Not"]}}, "settings.decline_overrides.0"),
        ({"settings": {"decline_overrides": ["stolen_card"]}}, "settings.decline_overrides"),
        ({"settings": {"reply_to": "a@b"}}, "settings.reply_to"),
        ({"settings": {"sender_name": "A\r\nBcc: x"}}, "settings.sender_name"),
        ({"settings": {"sender_name": "A <b@example.com>"}}, "settings.sender_name"),
        ({"settings": {"y": 1}}, "settings.y"),
    ],
)
def test_bad_fields_are_named(tenant, wrong, field):
    reply = create(body=BODY | wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)
