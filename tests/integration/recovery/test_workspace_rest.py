"""A workspace is put to rest (deactivate_workspace) and woken (reactivate_workspace), each once."""

from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.recovery.tenant import Call

deactivate = Call("deactivate_workspace", "POST /workspaces/{workspace_id}/deactivate")
reactivate = Call("reactivate_workspace", "POST /workspaces/{workspace_id}/reactivate")


def test_to_rest(tenant):
    path = {"workspace_id": tenant.workspace()}
    CommandContract(deactivate, path, "workspace:deactivate").check()
    assert not tenant.load_workspace(path["workspace_id"]).state.is_active
    assert deactivate(path).body["version"] == 2
    assert len(stored_events("workspace.deactivated")) == 1


def test_and_back(tenant):
    path = {"workspace_id": tenant.workspace()}
    assert reactivate(path).body["version"] == 1
    tenant.deactivate(path["workspace_id"])
    CommandContract(reactivate, path, "workspace:reactivate").check()
    assert tenant.load_workspace(path["workspace_id"]).state.is_active
    assert reactivate(path).body["version"] == 3
    assert len(stored_events("workspace.reactivated")) == 1
