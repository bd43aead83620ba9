"""When a workspace is deactivated its open cases wait; what is active again, tenant or workspace, goes on.

That a workspace is inactive, or a tenant suspended, stops every mail and charge at once, by the conditions of
their claims. A case of a suspended tenant is held when something is due for it, and waits for this.
"""

from recovery.attempt.commands import AttemptCommand, HoldRecoveryAttempt, ResumeRecoveryAttempt
from recovery.case import bulk
from recovery.workspace.decider import WORKSPACE, Workspace
from troupe.observability import outcome
from troupe.store.envelope import Envelope
from troupe.store.transact import load

INACTIVE, SUSPENDED = "workspace_inactive", "tenant_suspended"


def workspace_changed(event: Envelope) -> None:
    """By how the workspace stands now: events come in any order."""
    state = load(event.tenant_id, WORKSPACE, event.aggregate_id).state
    if not isinstance(state, Workspace):
        return
    held = HoldRecoveryAttempt(reason=INACTIVE, held_at=state.updated_at)
    resumed = ResumeRecoveryAttempt(reason=INACTIVE)
    _each(event, [event.aggregate_id], resumed if state.is_active else held)


def tenant_reactivated(event: Envelope) -> None:
    workspaces = [each["id"] for each in bulk.listed(event.tenant_id, "WORKSPACES")]
    _each(event, workspaces, ResumeRecoveryAttempt(reason=SUSPENDED))


def _each(event: Envelope, workspaces: list[str], command: AttemptCommand) -> None:
    moved = sum(
        bulk.send_command(event, bulk.of(event.tenant_id, workspace_id), command)
        for workspace_id in workspaces
    )
    outcome("cases_moved", tenant_id=event.tenant_id, cause=event.type, cases=moved)


REACTIONS = {
    "workspace.deactivated": (workspace_changed,),
    "workspace.reactivated": (workspace_changed,),
    "tenant.reactivated": (tenant_reactivated,),
}
