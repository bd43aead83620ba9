"""A workspace is changed in parts; its owner and its default sequence are looked at."""

import pytest

from recovery.workspace.settings import Settings
from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.recovery.tenant import Call
from troupe.ids import new_id

update = Call("update_workspace", "PATCH /workspaces/{workspace_id}", {"name": "Acme Two"})


def path(workspace_id):
    return {"workspace_id": workspace_id}


def test_manners(tenant):
    workspace = tenant.workspace()
    reply = CommandContract(update, path(workspace), "workspace:update").check()
    assert reply.body == {"id": workspace, "version": 2}


def test_what_is_not_sent_stays(tenant):
    workspace = tenant.workspace(mail_cap=1, reply_to="pay@acme.example")
    update(path(workspace), body={"settings": {"retry_limit": 3}, "timezone": "Asia/Tokyo"})
    state = tenant.load_workspace(workspace).state
    assert state.settings == Settings(mail_cap=1, reply_to="pay@acme.example", retry_limit=3)
    assert (state.name, state.timezone) == ("Acme", "Asia/Tokyo")
    update(path(workspace), body={"settings": {"reply_to": None}})
    assert tenant.load_workspace(workspace).state.settings.reply_to is None
    told = stored_events("workspace.updated")[-1].data
    assert (told["name"], told["settings"]["retry_limit"]) == ("Acme", 3)


def test_nothing_new_is_no_event(tenant):
    workspace = tenant.workspace()
    assert update(path(workspace), body={}).body["version"] == 1
    assert update(path(workspace), body={"name": "Acme", "settings": {}}).body["version"] == 1


def test_another_owner(tenant):
    workspace, owner = tenant.workspace(), tenant.person()
    assert update(path(workspace), body={"owner_user_id": owner}).status == 200
    assert tenant.load_workspace(workspace).state.owner_user_id == owner
    for nobody in (new_id(), tenant.person("closed")):
        assert update(path(workspace), body={"owner_user_id": nobody}).body["code"] == "unknown_owner"


def test_another_default_sequence_of_its_own_or_none(tenant):
    workspace, elsewhere = tenant.workspace(), tenant.workspace()
    first, second = (tenant.sequence(workspace) for _ in range(2))
    foreign = tenant.sequence(elsewhere)
    assert tenant.load_workspace(workspace).state.default_sequence_id == first
    for default in (second, None):
        assert update(path(workspace), body={"default_sequence_id": default}).status == 200
        assert tenant.load_workspace(workspace).state.default_sequence_id == default
    for unknown in (new_id(), foreign):
        reply = update(path(workspace), body={"default_sequence_id": unknown})
        assert (reply.status, reply.body["code"]) == (422, "unknown_sequence")


def test_one_at_rest_may_be_changed(tenant):
    workspace = tenant.workspace()
    tenant.deactivate(workspace)
    assert update(path(workspace)).status == 200


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": None}, "name"),
        ({"timezone": None}, "timezone"),
        ({"owner_user_id": None}, "owner_user_id"),
        ({"billing_plan": None}, "billing_plan"),
        ({"settings": None}, "settings"),
        ({"settings": {"retry_limit": None}}, "settings.retry_limit"),
        ({"is_active": False}, "is_active"),
    ],
)
def test_bad_fields_are_named(tenant, wrong, field):
    workspace = tenant.workspace()
    before = stored_items()
    reply = update(path(workspace), body=wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)
    assert stored_items() == before
