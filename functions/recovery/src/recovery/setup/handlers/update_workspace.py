"""PATCH /v1/recovery/workspaces/{workspace_id}"""

from typing import Any, cast

from pydantic import Field

from recovery.sequence import transactions
from recovery.setup.requests import SettingsForm, given
from recovery.workspace import owner as workspace_owner
from recovery.workspace.decider import WORKSPACE, BillingPlan, UpdateWorkspace, WorkspaceChanges
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot


class Body(fields.Body):
    """What is not sent stays. By no default sequence, or a disabled one, new attempts send no mails."""

    name: fields.Name = Field(default_factory=str)  # may be left out, not cleared; so the next four
    owner_user_id: fields.Id = Field(default_factory=str)
    timezone: fields.Zone = Field(default_factory=str)
    billing_plan: BillingPlan = "starter"
    settings: SettingsForm = Field(default_factory=SettingsForm)
    default_sequence_id: fields.Id | None = None


REFUSALS = ("unknown_owner", "unknown_sequence")


@endpoint(
    Operation(
        permission="workspace:update",
        body=Body,
        refusals=REFUSALS,
        example={"name": "Acme Press", "settings": {"mail_cap": 1}},
    )
)
def handler(request: Request[Body]) -> Answer:
    workspace = Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    changes, settings = fields.given(request.body), given(request.body.settings)
    changes.pop("settings", None)
    update = UpdateWorkspace(changes=cast("WorkspaceChanges", changes), settings=settings)
    owner, sequence = _named(changes, "owner_user_id"), _named(changes, "default_sequence_id")

    def decide(at: Snapshot) -> Decision:
        change = at.decide(workspace, update)
        transactions.owned(at, workspace.id, sequence)
        confirmed = workspace_owner.confirmed(at, request.tenant_id, owner)
        return Decision(changes=(change,), actions=confirmed if change.events else ())

    wanted: tuple[ReadTarget, ...] = (
        workspace,
        *map(workspace_owner.credential, owner),
        *map(transactions.ref, sequence),
    )
    return request.transact(wanted, decide)


def _named(changes: dict[str, Any], field: str) -> tuple[str, ...]:
    """What the request names anew, to be looked at beside the workspace."""
    return (changes[field],) if changes.get(field) else ()
