"""The plain commands of a workspace."""

from recovery.workspace.decider import WORKSPACE, DeactivateWorkspace, ReactivateWorkspace
from troupe.edge.routes import Routes

routes = Routes(WORKSPACE)

deactivate_workspace = routes.post(
    "/workspaces/{workspace_id}/deactivate", DeactivateWorkspace, permission="workspace:deactivate"
)
reactivate_workspace = routes.post(
    "/workspaces/{workspace_id}/reactivate", ReactivateWorkspace, permission="workspace:reactivate"
)
