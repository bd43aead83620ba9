"""No route: the hourly schedule, when a day is over in the workspace's zone."""

from collections.abc import Mapping
from datetime import date

from recovery import snapshots
from recovery.metrics import Metrics
from recovery.reporting import DAY, REPORTING, CloseReportingDay, Reporting
from recovery.snapshots import Period
from recovery.workspace import WORKSPACE
from troupe import fields, keys
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


class Body(fields.Body):
    day: date


@endpoint(Operation(body=Body, refusals=("day_running", "day_not_scheduled")))
def handler(request: Request[Body]) -> Answer:
    """Publish the day's figures, and the month's if it ends with the day, and schedule the next day."""
    workspace = Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    reporting = Ref(decider=REPORTING, id=workspace.id)
    seen = snapshots.read(request.scope, workspace.key(request.tenant_id), keys.standing(request.tenant_id))
    zone = snapshots.workspace_of(seen, workspace.id).state.timezone
    measured = _measured(seen, workspace.id, request.body.day, zone)
    guards = [key for each in measured for key in snapshots.guards(request.tenant_id, workspace.id, *each)]

    def decide(at: Snapshot) -> Decision:
        closed = at.decide(reporting, CloseReportingDay(day=request.body.day, zone=zone))
        if not isinstance(closed.after.state, Reporting) or closed.after.state.day <= request.body.day:
            return Decision(changes=(closed,))
        made = [snapshots.published(at, workspace.id, *each, again=False) for each in measured]
        return Decision(
            changes=(closed, *(change for each in made for change in each.changes)),
            actions=tuple(action for each in made for action in each.actions),
        )

    return request.transact((reporting, *guards), decide)


def _measured(
    at: Snapshot, workspace_id: str, day: date, zone: str
) -> list[tuple[Period, Mapping[str, Metrics]]]:
    periods = [snapshots.days(day, day, zone)]
    if (day + DAY).day == 1:
        periods.append(snapshots.days(day.replace(day=1), day, zone))
    return [(period, snapshots.figures(at, workspace_id, period)) for period in periods]
