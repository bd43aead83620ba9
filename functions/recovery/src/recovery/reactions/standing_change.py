"""When a workspace is deactivated its open cases wait; what is active again, tenant or workspace, goes on.

That a workspace is inactive, or a tenant suspended, stops every mail and charge at once, by the conditions of
their claims. A case of a suspended tenant is held when something is due for it, and waits for this.
"""

from collections.abc import Iterator

from recovery import cases
from recovery.attempt import Attempt
from recovery.attempt_commands import AttemptCommand, HoldRecoveryAttempt, ResumeRecoveryAttempt
from recovery.recovery_attempt import collection
from recovery.workspace import WORKSPACE, Workspace
from troupe import keys, table
from troupe.attributes import pack, unpack
from troupe.clock import now
from troupe.events import Envelope
from troupe.observability import outcome
from troupe.request import scope_of
from troupe.store import Decision, Snapshot, load, transact

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
    workspaces = _listed(keys.listing(event.tenant_id, "WORKSPACES"))
    _each(event, workspaces, ResumeRecoveryAttempt(reason=SUSPENDED))


def _each(event: Envelope, workspaces: Iterator[str] | list[str], command: AttemptCommand) -> None:
    moved = 0
    for workspace_id in workspaces:
        pending = keys.listing(event.tenant_id, collection(workspace_id, "pending"))
        moved += sum(_ask(event, attempt_id, command) for attempt_id in _listed(pending))
    outcome("cases_moved", tenant_id=event.tenant_id, cause=event.type, cases=moved)


def _ask(event: Envelope, attempt_id: str, command: AttemptCommand) -> int:
    attempt = cases.ref(attempt_id)
    scope = scope_of(
        now=now(),
        tenant_id=event.tenant_id,
        actor="system",
        correlation_id=event.correlation_id,
        causation_id=event.id,
    )

    def decide(at: Snapshot) -> Decision:
        state = at.of(attempt).state
        going = isinstance(state, Attempt) and state.pending  # the index lags
        return cases.written(at, cases.decided(at, attempt, (command,) if going else ()))

    return len(transact(scope, (attempt,), decide).changes[0].events)


def _listed(pk: str) -> Iterator[str]:
    query = table.client().get_paginator("query")
    pages = query.paginate(
        TableName=table.name(),
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :pk",
        ExpressionAttributeValues=pack({":pk": pk}),
    )
    for page in pages:
        yield from (unpack(item)["summary"]["id"] for item in page["Items"])


REACTIONS = {
    "workspace.deactivated": (workspace_changed,),
    "workspace.reactivated": (workspace_changed,),
    "tenant.reactivated": (tenant_reactivated,),
}
