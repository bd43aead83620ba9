"""POST /v1/recovery/workspaces/{workspace_id}/deactivate"""

from recovery.workspace import WORKSPACE, DeactivateWorkspace
from troupe.aggregates import Ref
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="workspace:deactivate"))
def handler(request: Request[NoBody]) -> Answer:
    return request.execute(Ref(decider=WORKSPACE, id=request.id("workspace_id")), DeactivateWorkspace())
