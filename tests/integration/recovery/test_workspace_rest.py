"""A workspace is put to rest (deactivate_workspace) and woken (reactivate_workspace), each once."""

from support.identity.tenant import Manners, happened
from support.recovery.tenant import Call

deactivate = Call("deactivate_workspace", "POST /workspaces/{workspace_id}/deactivate")
reactivate = Call("reactivate_workspace", "POST /workspaces/{workspace_id}/reactivate")


def test_to_rest(rescue):
    path = {"workspace_id": rescue.workspace()}
    Manners(deactivate, path, "workspace:deactivate").check()
    assert not rescue.load_workspace(path["workspace_id"]).state.is_active
    assert deactivate(path).body["version"] == 2
    assert len(happened("workspace.deactivated")) == 1


def test_and_back(rescue):
    path = {"workspace_id": rescue.workspace()}
    assert reactivate(path).body["version"] == 1
    rescue.deactivate(path["workspace_id"])
    Manners(reactivate, path, "workspace:reactivate").check()
    assert rescue.load_workspace(path["workspace_id"]).state.is_active
    assert reactivate(path).body["version"] == 3
    assert len(happened("workspace.reactivated")) == 1
