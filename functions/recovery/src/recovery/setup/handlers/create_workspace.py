"""POST /v1/recovery/workspaces"""

from pydantic import Field

from recovery.setup.requests import SettingsForm, given
from recovery.workspace import owner as workspace_owner
from recovery.workspace.decider import WORKSPACE, BillingPlan, CreateWorkspace
from recovery.workspace.reporting_decider import REPORTING, BeginReporting
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Principal
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot


class Body(fields.Body):
    """Who asks owns it, unless another user is named."""

    name: fields.Name
    owner_user_id: fields.Id | None = None
    timezone: fields.Zone = "UTC"
    billing_plan: BillingPlan = "starter"
    settings: SettingsForm = Field(default_factory=SettingsForm)


@endpoint(
    Operation(
        permission="workspace:create",
        body=Body,
        status=201,
        refusals=("unknown_owner",),
        example={
            "name": "Acme",
            "timezone": "Europe/Berlin",
            "billing_plan": "starter",
            "settings": {"retry_limit": 6, "reply_to": "billing@acme.example"},
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    body, workspace = request.body, Ref(decider=WORKSPACE, id=new_id(), creates=True)
    reporting = Ref(decider=REPORTING, id=workspace.id, creates=True)
    owner = body.owner_user_id or _oneself(request.caller)
    named = () if owner == request.caller.id else (owner,)
    create = CreateWorkspace(
        name=body.name,
        owner_user_id=owner,
        timezone=body.timezone,
        billing_plan=body.billing_plan,
        settings=given(body.settings),
    )

    def decide(at: Snapshot) -> Decision:
        confirmed = workspace_owner.confirmed(at, request.tenant_id, named)
        reported = at.decide(reporting, BeginReporting(zone=body.timezone))
        return Decision(changes=(at.decide(workspace, create), reported), actions=confirmed)

    wanted: tuple[ReadTarget, ...] = (workspace, reporting, *map(workspace_owner.credential, named))
    return request.transact(wanted, decide, created("/v1/recovery/workspaces/{id}"))


def _oneself(caller: Principal) -> str:
    if caller.kind != "user":
        raise Invalid("unknown_owner", "The owner is an active user of the tenant.", "owner_user_id")
    return caller.id
