"""PATCH /v1/recovery/workspaces/{workspace_id}"""

from typing import Any, cast

from pydantic import Field

from recovery import owners, sequences
from recovery.forms import Id, SettingsForm, given
from recovery.workspace import WORKSPACE, BillingPlan, UpdateWorkspace, WorkspaceChanges
from troupe import fields
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, Wanted


class Body(fields.Body):
    """What is not sent stays. By no default sequence, or a disabled one, new attempts send no mails."""

    name: fields.Name = Field(default_factory=str)  # may be left out, not cleared; so the next four
    owner_user_id: Id = Field(default_factory=str)
    timezone: fields.Zone = Field(default_factory=str)
    billing_plan: BillingPlan = "starter"
    settings: SettingsForm = Field(default_factory=SettingsForm)
    default_sequence_id: Id | None = None


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
        sequences.owned(at, workspace.id, sequence)
        confirmed = owners.confirmed(at, request.tenant_id, owner)
        return Decision(changes=(change,), actions=confirmed if change.events else ())

    wanted: tuple[Wanted, ...] = (workspace, *map(owners.credential, owner), *map(sequences.ref, sequence))
    return request.transact(wanted, decide)


def _named(changes: dict[str, Any], field: str) -> tuple[str, ...]:
    """What the request names anew, to be looked at beside the workspace."""
    return (changes[field],) if changes.get(field) else ()
