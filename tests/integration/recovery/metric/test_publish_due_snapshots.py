"""Each workspace's day is reported when it is over by its own calendar, once, however often the job comes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.metric import publish_due_snapshots
from recovery.metric.handlers import close_reporting_day
from recovery.workspace.reporting_decider import DUE, REPORTING
from support.recovery.attempt_lists import AttemptList, deliver
from support.recovery.tenant import Call, ask
from support.spec import LAMBDA, TENANT
from troupe.domain.decider import Rejected
from troupe.store import keys, reads
from troupe.store.transact import load

create = Call("create_workspace", "POST /workspaces")
update = Call("update_workspace", "PATCH /workspaces/{workspace_id}")
JUNE_29 = datetime(2026, 6, 29, 12, tzinfo=UTC)


@pytest.fixture
def at(clock, monkeypatch):
    """The job's clock and the edge's are one; and one shard of what is due does, eight times as fast."""
    monkeypatch.setattr("troupe.store.keys.DUE_SHARDS", 1)
    monkeypatch.setattr("recovery.metric.publish_due_snapshots.now", clock)
    clock.instant = JUNE_29
    return clock


def opened(timezone="UTC"):
    return create(body={"name": "Acme", "timezone": timezone}).body["id"]


def run():
    return publish_due_snapshots.handler({}, LAMBDA)


def rows(workspace_id):
    return ask("/workspaces/{workspace_id}/metric-snapshots", {"workspace_id": workspace_id}).body["items"]


def days(workspace_id):
    return [(row["granularity"], row["period_start"][:10]) for row in rows(workspace_id)]


def test_a_day_is_reported_an_hour_after_it_is_over(tenant, at):
    workspace_id = opened()
    at.instant = datetime(2026, 6, 30, 0, 59, tzinfo=UTC)
    assert run() == {"done": 0, "later": 0, "failed": 0}
    at.instant = datetime(2026, 6, 30, 1, 0, tzinfo=UTC)
    assert run() == {"done": 1, "later": 0, "failed": 0}
    assert days(workspace_id) == [("daily", "2026-06-29")]
    assert load(TENANT, REPORTING, workspace_id).state.day == date(2026, 6, 30)


def test_the_month_is_reported_with_its_last_day(tenant, at):
    workspace_id = opened()
    load_ = AttemptList(tenant, workspace_id)
    load_.begin(JUNE_29, 700)
    deliver()
    run()  # from then on nothing is missed
    at.instant = datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    run()
    assert sorted(days(workspace_id)) == [
        ("daily", "2026-06-29"),
        ("daily", "2026-06-30"),
        ("monthly", "2026-06-01"),
    ]
    by_granularity = {(row["granularity"], row["period_start"][:10]): row for row in rows(workspace_id)}
    assert by_granularity["monthly", "2026-06-01"]["failed_revenue_cents"] == 700
    assert by_granularity["daily", "2026-06-30"]["recovery_rate"] is None


def test_what_comes_twice_reports_once(tenant, at):
    workspace_id = opened()
    at.instant = datetime(2026, 6, 30, 2, tzinfo=UTC)
    run()
    run()
    day = {"tenant_id": TENANT, "path": {"workspace_id": workspace_id}, "body": {"day": "2026-06-29"}}
    close_reporting_day.handler({**day, "actor": "schedule"}, LAMBDA)
    assert days(workspace_id) == [("daily", "2026-06-29")]


def test_a_day_that_runs_is_refused(tenant, at):
    workspace_id = opened()
    day = {"tenant_id": TENANT, "path": {"workspace_id": workspace_id}, "actor": "schedule"}
    with pytest.raises(Rejected, match="not over"):
        close_reporting_day.handler({**day, "body": {"day": "2026-06-29"}}, LAMBDA)
    with pytest.raises(Rejected, match="not the next"):
        close_reporting_day.handler({**day, "body": {"day": "2026-07-29"}}, LAMBDA)
    assert rows(workspace_id) == []


def test_each_by_its_own_calendar(tenant, at):
    """At noon in Greenwich it is two in the morning of the next day on Kiritimati."""
    east, west = opened("Pacific/Kiritimati"), opened("America/Los_Angeles")
    run()  # from then on nothing is missed
    at.instant = datetime(2026, 6, 30, 12, tzinfo=UTC)
    run()
    began = {row["granularity"]: row["period_start"] for row in rows(east)}  # the 30th and its June are over
    assert began == {"daily": "2026-06-29T10:00:00Z", "monthly": "2026-05-31T10:00:00Z"}
    assert [row["period_start"] for row in rows(west)] == ["2026-06-29T07:00:00Z"]


def test_a_workspace_that_moved_west_waits_for_its_day(tenant, at):
    workspace_id = opened("Pacific/Kiritimati")
    update({"workspace_id": workspace_id}, body={"timezone": "Pacific/Pago_Pago"})
    at.instant = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert run() == {"done": 1, "later": 0, "failed": 0}
    assert rows(workspace_id) == []
    assert load(TENANT, REPORTING, workspace_id).state.due_at == datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_days_that_were_missed_are_caught_up(tenant, at):
    workspace_id = opened()
    run()  # from then on nothing is missed
    at.instant = JUNE_29 + timedelta(days=3)
    run()
    assert len([one for one in days(workspace_id) if one[0] == "daily"]) == 3


def test_more_days_than_are_closed_at_once_are_left_and_come_again(tenant, at, monkeypatch):
    """The day that is left falls due further on: there this sweep finds it, and else the next, which is told."""
    monkeypatch.setattr(publish_due_snapshots, "MOST_DAYS", 1)
    workspace_id = opened()
    run()  # from then on nothing is missed
    at.instant = JUNE_29 + timedelta(days=1, hours=14)
    assert run() == {"done": 1, "later": 1, "failed": 0}
    assert reads.one(keys.swept(DUE))["open"]
    assert run() == {"done": 0, "later": 0, "failed": 0}
    assert [day for kind, day in days(workspace_id) if kind == "daily"] == ["2026-06-30", "2026-06-29"]


def test_a_snapshot_that_was_published_by_hand_is_the_last_word(tenant, at):
    workspace_id = opened()
    at.instant = datetime(2026, 6, 30, 0, 30, tzinfo=UTC)
    publish = Call("publish_metric_snapshot", "POST /workspaces/{workspace_id}/metric-snapshots")
    by_hand = {"first_day": "2026-06-29", "last_day": "2026-06-29"}
    made = publish({"workspace_id": workspace_id}, body=by_hand).body["id"]
    at.instant = datetime(2026, 6, 30, 2, tzinfo=UTC)
    run()
    assert [row["id"] for row in rows(workspace_id)] == [made]
