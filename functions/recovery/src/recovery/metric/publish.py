"""Publishing snapshots: a period's cases are read and measured, and the figures of each currency are kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from recovery.metric import case_index
from recovery.metric.evolve_case import CaseFigures
from recovery.metric.rules import AtRisk, Metrics, measured, of_cohort
from recovery.metric.snapshot_decider import METRIC_SNAPSHOT, Granularity, PublishMetricSnapshot
from recovery.workspace.decider import WORKSPACE, Workspace
from recovery.workspace.reporting_decider import DAY, ends_at
from troupe.domain.instants import rfc3339
from troupe.domain.time_zones import next_month, start_of_day
from troupe.projection import generations
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

LAST = "\uffff"  # sorts after every instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From its start to before its end."""

    granularity: Granularity
    start: datetime
    end: datetime
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Snapshots to be committed with the other changes of a decision; one for each currency."""

    changes: tuple[Change[Any, Any, Any], ...]
    actions: tuple[Action, ...]


def read(scope: Scope, *wanted: Key) -> Snapshot:
    return Snapshot(scope=scope, items=reads.batch(wanted))


def days(first: date, last: date, zone: str) -> Period:
    """The days of a zone's calendar from the first to the last, both included."""
    whole_month = (
        first.day == 1 and (last + DAY).day == 1 and (first.year, first.month) == (last.year, last.month)
    )
    granularity: Granularity = "daily" if first == last else "monthly" if whole_month else "custom"
    return Period(
        granularity=granularity, start=start_of_day(first, zone), end=ends_at(last, zone), timezone=zone
    )


def workspace_of(at: Snapshot, workspace_id: str) -> Stored[Workspace]:
    return at.of(Ref(decider=WORKSPACE, id=workspace_id))


def cohort(tenant_id: str, workspace_id: str, start: datetime, end: datetime) -> list[CaseFigures]:
    """The cases that began from an instant to before another: one Query for each month (UTC) between."""
    first, last = rfc3339(start), rfc3339(end)
    found = [
        case_index.figures(summary)
        for month in _months(start, end)
        for summary in reads.listed(
            "GSI1", _partition(tenant_id, case_index.cohort(workspace_id, month)), first, last
        )
    ]
    return [case for case in found if case.started_at < end]


def pending(tenant_id: str, workspace_id: str) -> list[CaseFigures]:
    pk = _partition(tenant_id, case_index.pending(workspace_id))
    return [case_index.figures(summary) for summary in reads.listed("GSI2", pk, "0", LAST)]


def figures(at: Snapshot, workspace_id: str, period: Period) -> Mapping[str, Metrics]:
    """The metrics of a period as they are now, by currency; of the tenant's own if there are none at all."""
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    cases = cohort(tenant_id, workspace_id, period.start, period.end)
    by_currency = measured(cases, pending(tenant_id, workspace_id), now)
    published = at.item(keys.standing(tenant_id)) or {}
    currency: str = published.get("settings", {}).get("default_currency", "USD")
    return by_currency or {currency: of_cohort(currency, (), AtRisk(), now)}


def latest(tenant_id: str, workspace_id: str, period: Period, currency: str) -> Key:
    """The guard that names the snapshot of a period and currency that none supersedes."""
    value = f"{workspace_id}:{rfc3339(period.start)}:{rfc3339(period.end)}:{currency}"
    return keys.unique("metric_snapshot", value, tenant_id)


def published(
    at: Snapshot,
    workspace_id: str,
    period: Period,
    measures: Mapping[str, Metrics],
    *,
    again: bool = True,
) -> Published:
    """The snapshots of a period. One that is there is superseded, or left as the last word if not `again`."""
    tenant_id, context = at.scope.tenant_id, at.scope.context
    changes: list[Change[Any, Any, Any]] = []
    actions: list[Action] = []
    for currency, each in measures.items():
        guard = latest(tenant_id, workspace_id, period, currency)
        before = (at.item(guard) or {}).get("snapshot_id")
        if before and not again:
            continue
        ref = Ref(decider=METRIC_SNAPSHOT, id=context.new_id(), creates=True)
        command = PublishMetricSnapshot(
            workspace_id=workspace_id,
            granularity=period.granularity,
            period_start=period.start,
            period_end=period.end,
            timezone=period.timezone,
            metrics=each,
            supersedes=before,
        )
        changes.append(at.decide(ref, command))
        actions.append(_named(guard, ref.id, before))
    return Published(changes=tuple(changes), actions=tuple(actions))


def guards(
    tenant_id: str, workspace_id: str, period: Period, measures: Mapping[str, Metrics]
) -> Sequence[Key]:
    return [latest(tenant_id, workspace_id, period, currency) for currency in measures]


def _named(guard: Key, snapshot_id: str, before: str | None) -> Action:
    if before is None:
        return writes.put(guard, {"snapshot_id": snapshot_id}, absent=True)
    values = {"new": snapshot_id, "before": before}
    return writes.update(guard, "SET snapshot_id = :new", values, condition="snapshot_id = :before")


def _partition(tenant_id: str, name: str) -> str:
    return generations.partition(tenant_id, case_index.NAME, *name.split("#"))


def _months(start: datetime, end: datetime) -> Iterator[str]:
    month, last = rfc3339(start)[:7], end.astimezone(UTC).isoformat()[:7]
    while month <= last:
        yield month
        month = next_month(month)
