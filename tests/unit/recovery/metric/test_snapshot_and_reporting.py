"""A snapshot is published once; a workspace's days follow one another."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.metric.rules import AtRisk, of_cohort
from recovery.metric.snapshot_decider import METRIC_SNAPSHOT, PublishMetricSnapshot
from recovery.workspace.reporting_decider import REPORTING, BeginReporting, CloseReportingDay
from support.spec import NOON
from troupe.domain.decider import Rejected

JUNE, JULY = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
AFTER = replace(NOON, now=JULY)
PUBLISH = PublishMetricSnapshot(
    workspace_id="w",
    granularity="monthly",
    period_start=JUNE,
    period_end=JULY,
    timezone="UTC",
    metrics=of_cohort("EUR", (), AtRisk(), JULY),
)


def test_a_snapshot_never_changes() -> None:
    state = METRIC_SNAPSHOT.fold(METRIC_SNAPSHOT.answer(PUBLISH, None, AFTER))
    assert (state.generated_at, state.metrics.recovery_rate) == (JULY, None)
    with pytest.raises(Rejected, match="There is such a metric snapshot already"):
        METRIC_SNAPSHOT.answer(PUBLISH, state, AFTER)
    assert METRIC_SNAPSHOT.listed(state, "id").summary["recovery_rate"] is None


def test_a_rate_is_listed_as_text() -> None:
    """An item holds no floating point."""
    half = replace(PUBLISH, metrics=replace(PUBLISH.metrics, recovery_rate=0.5))
    state = METRIC_SNAPSHOT.fold(METRIC_SNAPSHOT.answer(half, None, AFTER))
    assert METRIC_SNAPSHOT.listed(state, "id").summary["recovery_rate"] == "0.500000"


def test_a_period_is_over_before_it_is_published() -> None:
    with pytest.raises(Rejected, match="not over"):
        METRIC_SNAPSHOT.answer(PUBLISH, None, replace(AFTER, now=JULY - timedelta(seconds=1)))


def asked(command, state, now):
    return REPORTING.answer(command, state, replace(NOON, now=now))


@pytest.mark.parametrize(
    ("zone", "due_at"),
    [
        ("UTC", datetime(2026, 3, 8, 1, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 6, tzinfo=UTC)),  # the day that loses an hour begins then
        ("Asia/Kolkata", datetime(2026, 3, 7, 19, 30, tzinfo=UTC)),
    ],
)
def test_it_begins_with_the_day_that_it_is(zone: str, due_at: datetime) -> None:
    noon = datetime(2026, 3, 7, 12, tzinfo=UTC)
    state = REPORTING.fold(asked(BeginReporting(zone=zone), None, noon))
    assert (state.day, state.due_at) == (date(2026, 3, 7), due_at)
    assert asked(BeginReporting(zone=zone), state, noon) == ()
    assert REPORTING.listed(state, "w").due == ("recovery_report", due_at)


def test_a_day_of_another_length_is_one_day() -> None:
    """On 8 March 2026 New York has 23 hours."""
    state = REPORTING.fold(
        asked(BeginReporting(zone="America/New_York"), None, datetime(2026, 3, 8, 12, tzinfo=UTC))
    )
    assert state.due_at == datetime(2026, 3, 9, 5, tzinfo=UTC)
    close = CloseReportingDay(day=state.day, zone="America/New_York")
    after = REPORTING.fold(asked(close, state, state.due_at), state)
    assert (after.day, after.due_at) == (date(2026, 3, 9), datetime(2026, 3, 10, 5, tzinfo=UTC))
    assert asked(close, after, after.due_at) == ()


def test_nothing_is_closed_that_was_never_begun() -> None:
    with pytest.raises(Rejected, match="not the next"):
        asked(CloseReportingDay(day=date(2026, 3, 8), zone="UTC"), None, JUNE)


MARCH_7 = date(2026, 3, 7)


def begun():
    """The seventh of March is to be reported, by the calendar of UTC."""
    return REPORTING.fold(asked(BeginReporting(zone="UTC"), None, datetime(2026, 3, 7, 12, tzinfo=UTC)))


def test_no_day_is_closed_before_the_one_that_is_next() -> None:
    state = begun()
    with pytest.raises(Rejected, match="not the next"):
        asked(CloseReportingDay(day=MARCH_7 + timedelta(days=1), zone="UTC"), state, state.due_at)


def test_a_day_that_is_not_over_is_not_closed() -> None:
    state = begun()
    with pytest.raises(Rejected, match="not over"):
        asked(CloseReportingDay(day=MARCH_7, zone="UTC"), state, state.due_at - timedelta(seconds=1))


def test_where_the_workspace_has_moved_to_the_west_the_day_ends_later() -> None:
    state = begun()
    moved = CloseReportingDay(day=MARCH_7, zone="America/New_York")
    (event,) = asked(moved, state, state.due_at)
    assert (event.day, event.due_at) == (MARCH_7, datetime(2026, 3, 8, 6, tzinfo=UTC))
