"""What is metered: a use is told once, and a month closes once it is over where the tenant is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from identity.usage import metering
from identity.usage.decider import USAGE, RecordUsage, TenantUsageRecorded, identify
from identity.usage.period_decider import (
    GRACE,
    USAGE_PERIOD,
    CloseUsagePeriod,
    ScheduleUsagePeriod,
    TenantUsagePeriodClosed,
    TenantUsagePeriodScheduled,
    end,
)
from support.spec import NOON, TENANT, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected
from troupe.domain.time_zones import month_of, names
from troupe.store import keys
from troupe.store.aggregates import dump
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot, Unknown

RECORD = RecordUsage(metric="minutes", amount=7, usage_id="u-1", period="2026-01", occurred_at=NOON.now)
RECORDED = TenantUsageRecorded(
    metric="minutes", amount=7, usage_id="u-1", period="2026-01", occurred_at=NOON.now
)
usage = Given(USAGE)


class TestUsage:
    def test_counts_once(self):
        usage().when(RECORD).then(RECORDED)
        usage(RECORDED).when(RECORD).then_nothing()
        usage(RECORDED).when(replace(RECORD, period="2026-02")).then_nothing()

    def test_another_amount_is_another_use(self):
        usage(RECORDED).when(replace(RECORD, amount=8)).then_rejected("usage_id_reused")

    def test_is_known_by_its_metric_and_the_caller_s_name_for_it(self):
        assert identify("minutes", "u-1") == "minutes:u-1"

    def test_the_fold_is_the_stored_state(self):
        assert_folds_as_stored(USAGE, (RECORDED,))


SCHEDULED = TenantUsagePeriodScheduled(period="2026-01", closes_at=end("2026-01", "UTC"))
CLOSED = TenantUsagePeriodClosed(period="2026-01", totals={"minutes": 7}, closed_at=NOON.now)
period = Given(USAGE_PERIOD)


def close(zone="UTC") -> CloseUsagePeriod:
    return CloseUsagePeriod(period="2026-01", closes_at=end("2026-01", zone), totals={"minutes": 7})


class TestPeriod:
    over = end("2026-01", "UTC")

    def test_is_scheduled_once_and_falls_due(self):
        schedule = ScheduleUsagePeriod(period="2026-01", closes_at=self.over)
        period().when(schedule).then(SCHEDULED)
        period(SCHEDULED).when(schedule).then_nothing()
        period(SCHEDULED, CLOSED).when(schedule).then_nothing()
        assert USAGE_PERIOD.listed(period(SCHEDULED).state, "2026-01").due == ("usage_period", self.over)
        assert USAGE_PERIOD.listed(period(SCHEDULED, CLOSED).state, "2026-01").due is None

    def test_closes_once_when_it_is_over(self):
        closed = replace(CLOSED, closed_at=self.over)
        period(SCHEDULED).at(self.over).when(close()).then(closed)
        period(SCHEDULED, closed).at(self.over).when(close()).then_nothing()

    def test_not_before(self):
        early = self.over - timedelta(seconds=1)
        period(SCHEDULED).at(early).when(close()).then_rejected("usage_period_running")

    def test_later_for_who_moved_to_the_west(self):
        later = TenantUsagePeriodScheduled(period="2026-01", closes_at=end("2026-01", "America/New_York"))
        period(SCHEDULED).at(self.over).when(close("America/New_York")).then(later)
        assert period(SCHEDULED, later).state.closes_at == self.over + timedelta(hours=5)

    def test_what_was_never_opened_is_not_closed(self):
        period().when(close()).then_rejected("no_usage_period")

    def test_the_end_is_the_tenant_s_and_leaves_an_hour(self):
        assert timedelta(hours=1) == GRACE
        assert end("2026-01", "Asia/Tokyo") == datetime(2026, 1, 31, 16, tzinfo=UTC)

    def test_the_fold_is_the_stored_state(self):
        assert_folds_as_stored(USAGE_PERIOD, (SCHEDULED, SCHEDULED, CLOSED))


def snapshot(zone: str = "UTC", now: datetime = NOON.now, **periods: tuple) -> Snapshot:
    """What is read of a tenant whose months have this history."""
    items = {keys.standing(TENANT): {"zone": zone, "status": "active", "limits": {"api_calls": 10}}}
    for month, history in periods.items():
        name = month.removeprefix("m").replace("_", "-")
        stored = {"version": len(history), "state": dump(USAGE_PERIOD.state, USAGE_PERIOD.fold(history))}
        items[metering.period(name).key(TENANT)] = stored
    return Snapshot(scope=Scope(context=replace(NOON, now=now), correlation_id="c"), items=items)


class TestWhichMonthItCountsIn:
    last, this = datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 1, 1, 0, 30, tzinfo=UTC)

    def test_its_own_while_that_is_open(self):
        at = snapshot(now=self.this, m2025_12=(SCHEDULED,))
        assert metering.counts_in(at, self.last) == "2025-12"
        assert metering.counts_in(at, self.this) == "2026-01"

    def test_the_one_that_is_open_now_if_its_own_is_closed(self):
        at = snapshot(now=self.this, m2025_12=(SCHEDULED, CLOSED))
        assert metering.counts_in(at, self.last) == "2026-01"

    def test_the_one_that_is_open_now_if_its_own_never_was(self):
        assert metering.counts_in(snapshot(now=self.this), datetime(2020, 1, 1, tzinfo=UTC)) == "2026-01"

    def test_the_next_for_who_moved_back_over_the_end_of_a_month(self):
        at = snapshot("Etc/GMT+12", self.this, m2025_12=(SCHEDULED, CLOSED), m2026_01=(SCHEDULED,))
        assert metering.counts_in(at, self.this) == "2026-01"

    def test_by_the_tenant_s_calendar(self):
        assert metering.counts_in(snapshot("Asia/Tokyo", self.last), self.last) == "2026-01"

    def test_of_a_tenant_that_there_is_not(self):
        at = replace(snapshot(), items={})
        with pytest.raises(Unknown):
            metering.published(at)


@examples(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from(sorted(names())))  # noqa: DTZ001 -- made UTC below
def test_the_months_that_are_read_are_enough_wherever_the_tenant_is(naive, zone):
    months = list(metering.months(naive.replace(tzinfo=UTC)))
    assert month_of(naive.replace(tzinfo=UTC), zone) in months[:-1]
    assert len(months) <= 3


class TestQuotas:
    @pytest.mark.parametrize("metric", ["users", "talents", "campaigns", "organizations"])
    def test_what_is_counted_already_is_not_told(self, metric):
        with pytest.raises(Rejected, match="counted already") as refused:
            metering.check(metric, 1)
        assert refused.value.code == "metric_not_recordable"

    @pytest.mark.parametrize("metric, amount", [("minutes", 0), ("api_calls", -1), ("storage_bytes", 0)])
    def test_only_what_is_stored_becomes_less(self, metric, amount):
        with pytest.raises(Rejected) as refused:
            metering.check(metric, amount)
        assert refused.value.code == "amount_not_positive"

    @pytest.mark.parametrize("metric, amount", [("minutes", 1), ("storage_bytes", -5)])
    def test_the_rest_is(self, metric, amount):
        metering.check(metric, amount)

    def test_a_month_has_so_many_metrics(self):
        full = {f"used.m{n}": 1 for n in range(metering.MOST_METRICS)}
        at = snapshot()
        at = replace(at, items={**at.items, metering.counted(TENANT, "2026-01")[0]: {"changes": 100, **full}})
        assert len(list(metering.taken(at, "2026-01", "m7", 1))) == 1
        with pytest.raises(Rejected) as refused:
            list(metering.taken(at, "2026-01", "one_more", 1))
        assert refused.value.code == "too_many_metrics"
