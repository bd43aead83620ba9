"""No route: the hourly schedule, when a day is over in the workspace's zone."""

from collections.abc import Mapping
from datetime import date

from recovery.metric import publish
from recovery.metric.publish import Period
from recovery.metric.rules import Metrics
from recovery.workspace.decider import WORKSPACE
from recovery.workspace.reporting_decider import DAY, REPORTING, CloseReportingDay, Reporting
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    day: fields.Day


@endpoint(Operation(body=Body, refusals=("day_running", "day_not_scheduled")))
def handler(request: Request[Body]) -> Answer:
    """Publish the day's figures, and the month's if it ends with the day, and schedule the next day."""
    workspace = Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    reporting = Ref(decider=REPORTING, id=workspace.id)
    seen = publish.read(request.scope, workspace.key(request.tenant_id), keys.standing(request.tenant_id))
    zone = publish.workspace_of(seen, workspace.id).state.timezone
    measured = _measured(seen, workspace.id, request.body.day, zone)
    guards = [key for each in measured for key in publish.guards(request.tenant_id, workspace.id, *each)]

    def decide(at: Snapshot) -> Decision:
        closed = at.decide(reporting, CloseReportingDay(day=request.body.day, zone=zone))
        if not isinstance(closed.after.state, Reporting) or closed.after.state.day <= request.body.day:
            return Decision(changes=(closed,))
        made = [publish.published(at, workspace.id, *each, again=False) for each in measured]
        return Decision(
            changes=(closed, *(change for each in made for change in each.changes)),
            actions=tuple(action for each in made for action in each.actions),
        )

    return request.transact((reporting, *guards), decide)


def _measured(
    at: Snapshot, workspace_id: str, day: date, zone: str
) -> list[tuple[Period, Mapping[str, Metrics]]]:
    periods = [publish.days(day, day, zone)]
    if (day + DAY).day == 1:
        periods.append(publish.days(day.replace(day=1), day, zone))
    return [(period, publish.figures(at, workspace_id, period)) for period in periods]
