"""POST /v1/recovery/workspaces/{workspace_id}/metric-snapshots"""

from typing import Self

from pydantic import BaseModel, model_validator

from recovery.metric import publish
from recovery.workspace.decider import WORKSPACE
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.store import keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

MOST_DAYS = 366


class Body(fields.Body):
    """Days by the calendar of the workspace's zone, both included; they have to be over."""

    first_day: fields.Day
    last_day: fields.Day

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if not 0 <= (self.last_day - self.first_day).days < MOST_DAYS:
            raise fields.Together(
                f"a period begins before it ends and has at most {MOST_DAYS} days", "first_day", "last_day"
            )
        return self


class Snapshots(BaseModel, frozen=True):
    """The first of the snapshots, and all of them: one for each currency."""

    id: str
    version: int
    metric_snapshot_ids: tuple[str, ...]


@endpoint(
    Operation(
        permission="metric_snapshot:publish",
        body=Body,
        reply=Snapshots,
        status=201,
        refusals=("period_running",),
        example={"first_day": "2026-01-01", "last_day": "2026-01-31"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Publish the figures of a period as they are now; snapshots of it that are there are superseded."""
    workspace = Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    standing = keys.standing(request.tenant_id)
    seen = publish.read(request.scope, workspace.key(request.tenant_id), standing)
    zone = publish.workspace_of(seen, workspace.id).state.timezone
    period = publish.days(request.body.first_day, request.body.last_day, zone)
    if period.end > request.now:
        raise Invalid("period_running", "The period is not over.", "last_day")
    figures = publish.figures(seen, workspace.id, period)
    guards = publish.guards(request.tenant_id, workspace.id, period, figures)

    def decide(at: Snapshot) -> Decision:
        publish.workspace_of(at, workspace.id)
        made = publish.published(at, workspace.id, period, figures)
        ids = [change.ref.id for change in made.changes]
        return Decision(changes=made.changes, actions=made.actions, body={"metric_snapshot_ids": ids})

    location = "/v1/recovery/metric-snapshots/{id}"
    return request.transact((workspace, *guards), decide, created(location))
