"""What may be asked about the figures of a workspace: as they are now, and as they were published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from recovery.metric import publish, snapshot_decider
from recovery.metric.rules import DEFINITIONS, Metrics
from recovery.metric.snapshot_decider import METRIC_SNAPSHOT, MetricSnapshot
from recovery.query_routes import ROUTES, listing_of_workspace
from recovery.workspace.decider import WORKSPACE
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import Days, Paging, found, one, page_of
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


class Period(Days, frozen=True):
    """Days by the calendar of the workspace's zone, both included."""


class MetricsView(BaseModel, frozen=True):
    """The figures of the cases that began in the period, by currency; and what each of them means."""

    workspace_id: str
    period_start: datetime
    period_end: datetime
    timezone: str
    as_of: datetime
    currencies: tuple[Metrics, ...]
    definitions: Mapping[str, str]


class SnapshotRow(BaseModel, frozen=True):
    """`recovery_rate` is null where nothing failed. The period is from its start to before its end."""

    id: str
    workspace_id: str
    granularity: Literal["daily", "monthly", "custom"]
    period_start: datetime
    period_end: datetime
    currency: str
    failed_revenue_cents: int
    recovered_revenue_cents: int
    recovery_rate: float | None = None
    at_risk_count: int
    definition_version: str
    generated_at: datetime
    supersedes: str | None = None


class SnapshotView(SnapshotRow, frozen=True):
    timezone: str
    metrics: Metrics


@ROUTES.get(
    "/workspaces/{workspace_id}/metrics",
    permission="metric_snapshot:read",
    reply=MetricsView,
    parameters=Period,
)
def metrics(request: Request[NoBody]) -> Answer:
    """As they are now: open cases change them."""
    workspace_id, asked = request.id("workspace_id"), request.parameters
    workspace = keys.state(request.tenant_id, WORKSPACE.name, workspace_id)
    at = publish.read(request.scope, workspace, keys.standing(request.tenant_id))
    zone = publish.workspace_of(at, workspace_id).state.timezone
    period = publish.days(asked.first, asked.last, zone)
    view = MetricsView(
        workspace_id=workspace_id,
        period_start=period.start,
        period_end=period.end,
        timezone=zone,
        as_of=request.now,
        currencies=tuple(publish.figures(at, workspace_id, period).values()),
        definitions=DEFINITIONS,
    )
    return found(view)


@ROUTES.get(
    "/workspaces/{workspace_id}/metric-snapshots",
    permission="metric_snapshot:read",
    reply=page_of(SnapshotRow),
    parameters=Paging,
)
def metric_snapshots(request: Request[NoBody]) -> Answer:
    """The latest period first; of one that was published again, every snapshot."""
    name = snapshot_decider.collection(request.id("workspace_id"))
    return listing_of_workspace(request, name, SnapshotRow)


@ROUTES.get("/metric-snapshots/{metric_snapshot_id}", permission="metric_snapshot:read", reply=SnapshotView)
def snapshot(request: Request[NoBody]) -> Answer:
    stored = one(request, Ref(decider=METRIC_SNAPSHOT, id=request.id("metric_snapshot_id")))
    if not isinstance(stored.state, MetricSnapshot):
        raise Unknown(stored.id)
    return found(_shown(stored.id, stored.state), stored.version)


def _shown(snapshot_id: str, state: MetricSnapshot) -> SnapshotView:
    figures = state.metrics
    shown: dict[str, Any] = {
        name: getattr(state, name) for name in MetricSnapshot.__slots__ if name != "state"
    }
    headline = (
        "currency",
        "failed_revenue_cents",
        "recovered_revenue_cents",
        "recovery_rate",
        "at_risk_count",
        "definition_version",
    )
    return SnapshotView(id=snapshot_id, **shown, **{name: getattr(figures, name) for name in headline})
