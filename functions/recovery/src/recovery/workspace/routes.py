"""The plain commands of a workspace."""

from recovery.workspace import WORKSPACE, DeactivateWorkspace, ReactivateWorkspace
from troupe.routes import Routes

routes = Routes(WORKSPACE)

deactivate_workspace = routes.post(
    "/workspaces/{workspace_id}/deactivate", DeactivateWorkspace, permission="workspace:deactivate"
)
reactivate_workspace = routes.post(
    "/workspaces/{workspace_id}/reactivate", ReactivateWorkspace, permission="workspace:reactivate"
)
