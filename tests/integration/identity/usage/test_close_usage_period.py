"""A month is closed with its totals when it is over where the tenant is, and the next one is opened."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.usage.handlers.close_usage_period import handler
from identity.usage.period_decider import USAGE_PERIOD, ClosedPeriod, OpenPeriod, end
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.provisioned_tenant import PATH, founded
from support.identity.tenant import Call
from support.spec import LAMBDA, TENANT
from troupe.domain.decider import Rejected
from troupe.quota import api_calls
from troupe.store import keys
from troupe.store.commit import commit
from troupe.store.transact import Unknown, load

record = Call("record_usage", "POST /tenants/{tenant_id}/usage")
settle = Call("update_settings", "PATCH /tenants/{tenant_id}/settings")
cancel = Call("cancel_tenant", "POST /tenants/{tenant_id}/cancel", {"reason": "no use"})
OVER = end("2026-11", "Europe/Berlin")


@pytest.fixture
def november(table, monkeypatch, clock):
    clock.instant = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return founded(monkeypatch)


def close(month="2026-11", tenant_id=TENANT):
    return handler({"tenant_id": tenant_id, "path": {"period": month}, "actor": "schedule"}, LAMBDA)


def period(month):
    return load(TENANT, USAGE_PERIOD, month).state


def test_totals_are_what_was_told_and_what_the_access_logs_counted(november, clock):
    record(PATH, body={"metric": "minutes", "amount": 7, "usage_id": "u-1"})
    record(PATH, body={"metric": "api_calls", "amount": 3, "usage_id": "u-1"})
    commit([api_calls.counted(TENANT, "2026-11", 40)])
    clock.instant = OVER
    with round_trips() as made:
        assert close() == {"id": "2026-11", "version": 2}
    assert made == ["BatchGetItem", "TransactWriteItems"]
    (told,) = stored_events("tenant.usage_period_closed")
    assert told.data["totals"] == {"api_calls": 43, "minutes": 7}
    assert isinstance(period("2026-11"), ClosedPeriod)


def test_the_next_month_is_opened_and_falls_due(november, clock):
    clock.instant = OVER
    close()
    december = period("2026-12")
    assert december.closes_at == end("2026-12", "Europe/Berlin")
    (due,) = [item for item in stored_items() if item.get("GSI2PK", "").startswith("@#DUE#USAGE_PERIOD")]
    assert due["PK"] == keys.aggregate(TENANT, "usage_period", "2026-12")


def test_twice_changes_nothing(november, clock):
    clock.instant = OVER
    close()
    before = stored_items()
    assert close() == {"id": "2026-11", "version": 2}
    assert stored_items() == before


def test_not_before_it_is_over(november, clock):
    clock.instant = OVER - timedelta(seconds=1)
    with pytest.raises(Rejected, match="not over"):
        close()


def test_later_for_a_tenant_that_moved_to_the_west(november, clock):
    settle(PATH, body={"zone": "America/New_York"})
    clock.instant = OVER
    close()
    assert period("2026-11") == OpenPeriod(closes_at=end("2026-11", "America/New_York"))
    clock.instant = end("2026-11", "America/New_York")
    close()
    assert isinstance(period("2026-11"), ClosedPeriod)


def test_a_month_that_is_long_over_is_closed_by_the_next_sweep(november, clock):
    clock.instant = late = datetime(2027, 2, 10, tzinfo=UTC)
    close()
    assert period("2026-12").closes_at == late
    close("2026-12")
    assert isinstance(period("2026-12"), ClosedPeriod)
    assert isinstance(period("2027-01"), OpenPeriod)


def test_a_cancelled_tenant_s_last_month_is_closed_and_no_other_opened(november, clock):
    cancel(PATH)
    clock.instant = OVER
    close()
    assert isinstance(period("2026-11"), ClosedPeriod)
    assert load(TENANT, USAGE_PERIOD, "2026-12").version == 0


def test_what_there_is_not(november):
    with pytest.raises(Unknown):
        close("2026-10")
    with pytest.raises(Unknown):
        close(tenant_id="0192f0c1-0000-7000-8000-00000000dead")
