"""A metric snapshot: the figures of one workspace, period and currency as they were at an instant.

Once published it never changes; figures computed again are another snapshot, which supersedes it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recovery.metric.rules import Metrics
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339

type Granularity = Literal["daily", "monthly", "custom"]

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSnapshotPublished:
    """The period is from its start to before its end. `metrics` carries the version of its definitions."""

    workspace_id: str
    granularity: Granularity
    period_start: datetime
    period_end: datetime
    timezone: str  # whose calendar the period is of
    metrics: Metrics
    generated_at: datetime
    supersedes: str | None = None


type Event = MetricSnapshotPublished

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSnapshot:
    workspace_id: str
    granularity: Granularity
    period_start: datetime
    period_end: datetime
    timezone: str
    metrics: Metrics
    generated_at: datetime
    supersedes: str | None
    state: Literal["published"] = "published"


def begin(event: Event) -> MetricSnapshot:
    return MetricSnapshot(
        workspace_id=event.workspace_id,
        granularity=event.granularity,
        period_start=event.period_start,
        period_end=event.period_end,
        timezone=event.timezone,
        metrics=event.metrics,
        generated_at=event.generated_at,
        supersedes=event.supersedes,
    )


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMetricSnapshot:
    workspace_id: str
    granularity: Granularity
    period_start: datetime
    period_end: datetime
    timezone: str
    metrics: Metrics
    supersedes: str | None = None


def create(command: PublishMetricSnapshot, context: Context) -> tuple[Event, ...]:
    if command.period_end > context.now:
        raise Rejected("period_running", "The period is not over.")
    published = MetricSnapshotPublished(
        workspace_id=command.workspace_id,
        granularity=command.granularity,
        period_start=command.period_start,
        period_end=command.period_end,
        timezone=command.timezone,
        metrics=command.metrics,
        generated_at=context.now,
        supersedes=command.supersedes,
    )
    return (published,)


def collection(workspace_id: str) -> str:
    """The list of a workspace's snapshots, sorted by period and when they were made."""
    return f"METRIC_SNAPSHOTS#{workspace_id}"


def _listed(state: MetricSnapshot, _id: str) -> Listing:
    metrics = state.metrics
    began, made = rfc3339(state.period_start), rfc3339(state.generated_at)
    rate = metrics.recovery_rate
    return Listing(
        collection=(collection(state.workspace_id), f"{began}#{metrics.currency}#{made}"),
        summary={
            "workspace_id": state.workspace_id,
            "granularity": state.granularity,
            "period_start": began,
            "period_end": rfc3339(state.period_end),
            "currency": metrics.currency,
            "failed_revenue_cents": metrics.failed_revenue_cents,
            "recovered_revenue_cents": metrics.recovered_revenue_cents,
            "recovery_rate": None if rate is None else f"{rate:.6f}",
            "at_risk_count": metrics.at_risk_count,
            "definition_version": metrics.definition_version,
            "generated_at": made,
            "supersedes": state.supersedes,
        },
    )


METRIC_SNAPSHOT = Decider[MetricSnapshot, PublishMetricSnapshot, Event](
    name="metric_snapshot",
    create=create,
    begin=begin,
    events=events_of("metric_snapshot", Event),
    state=MetricSnapshot,
    listed=_listed,
)
