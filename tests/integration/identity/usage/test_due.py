"""The hourly schedule: trials end and months close for every tenant, also when another tenant's fails."""

from datetime import UTC, datetime, timedelta

import pytest

from identity import due
from identity.tenant.decider import TENANT as TENANT_KIND
from identity.tenant.decider import TRIAL
from identity.usage.period_decider import USAGE_PERIOD, ClosedPeriod, end
from support.identity.provisioned_tenant import provision
from support.spec import LAMBDA
from troupe.store import keys, writes
from troupe.store.commit import commit
from troupe.store.transact import load

NOVEMBER = datetime(2026, 11, 20, 12, tzinfo=UTC)
OVER = {zone: end("2026-11", zone) for zone in ("Asia/Tokyo", "Europe/Berlin", "America/New_York")}


def found(name: str, zone: str = "UTC", plan: str = "free") -> str:
    owner = {"email": f"{name}@{name}.example", "display_name": name}
    return provision(slug=name, zone=zone, plan=plan, owner=owner).body["id"]


def status(tenant_id: str) -> str:
    return load(tenant_id, TENANT_KIND, tenant_id).state.status


@pytest.fixture
def hour(table, clock, monkeypatch):
    """Let the schedule run at an instant; it ran an hour before, if nothing else is said."""
    clock.instant = NOVEMBER
    monkeypatch.setattr(due, "now", clock)

    def run(instant, *, slept=timedelta(hours=1)):
        clock.instant = instant
        upto = {"upto": int((instant - slept).timestamp())}
        commit([writes.put(keys.swept(kind), upto) for kind in ("trial", "usage_period")])
        return due.handler({}, LAMBDA)

    return run


def test_trials_end_when_their_time_is_up(hour):
    free, paid = found("one"), found("two", plan="trial")
    assert hour(NOVEMBER + TRIAL - timedelta(hours=1))["trial"] == {"done": 0, "failed": 0}
    assert (status(free), status(paid)) == ("trial", "trial")
    assert hour(NOVEMBER + TRIAL)["trial"] == {"done": 2, "failed": 0}
    assert (status(free), status(paid)) == ("active", "active")
    assert hour(NOVEMBER + TRIAL + timedelta(hours=1))["trial"] == {"done": 0, "failed": 0}


def test_each_month_closes_when_it_is_over_there(hour):
    tenants = {zone: found(zone[:4].lower(), zone) for zone in OVER}

    def closed():
        months = {zone: load(tenant, USAGE_PERIOD, "2026-11").state for zone, tenant in tenants.items()}
        return [zone for zone, month in months.items() if isinstance(month, ClosedPeriod)]

    hour(OVER["Asia/Tokyo"] - timedelta(minutes=10))
    assert closed() == []
    for count, zone in enumerate(OVER, start=1):
        assert hour(OVER[zone])["usage_period"]["done"] == 1
        assert closed() == list(OVER)[:count]


def test_one_that_fails_holds_up_no_other_and_is_tried_again(hour, monkeypatch):
    first, second = found("one"), found("two")
    end_trial = due.end_trial

    def failing(event, context):
        if event["tenant_id"] == first:
            raise OSError
        return end_trial(event, context)

    with monkeypatch.context() as broken:
        broken.setattr(due, "end_trial", failing)
        assert hour(NOVEMBER + TRIAL)["trial"] == {"done": 1, "failed": 1}
    assert (status(first), status(second)) == ("trial", "active")
    assert hour(NOVEMBER + TRIAL + timedelta(hours=1))["trial"] == {"done": 1, "failed": 0}
    assert (status(first), status(second)) == ("active", "active")


def test_a_schedule_that_missed_some_hours_catches_up(hour):
    tenant = found("late")
    slept = timedelta(hours=6)
    assert hour(NOVEMBER + TRIAL + timedelta(hours=5), slept=slept)["trial"] == {"done": 1, "failed": 0}
    assert status(tenant) == "active"
