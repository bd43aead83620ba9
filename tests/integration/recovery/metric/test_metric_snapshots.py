"""Figures are published as they were; what comes later supersedes them and changes nothing that was said."""

from datetime import UTC, datetime, timedelta

import pytest

from recovery.metric.rules import DEFINITION_VERSION
from support.recovery.attempt_lists import AttemptList, deliver
from support.recovery.tenant import Call, ask
from troupe.ids import new_id

JUNE = datetime(2026, 6, 10, 12, tzinfo=UTC)
publish = Call("publish_metric_snapshot", "POST /workspaces/{workspace_id}/metric-snapshots")
IN_JUNE = {"first_day": "2026-06-01", "last_day": "2026-06-30"}


@pytest.fixture
def attempts(tenant, clock):
    """Three cases of June and one of July: one recovered, one abandoned, two open."""
    load = AttemptList(tenant, tenant.workspace())
    won, lost, _open = (load.begin(JUNE, cents) for cents in (1000, 600, 400))
    load.begin(JUNE + timedelta(days=30), 5000)
    load.recover(won, JUNE + timedelta(hours=30))
    load.abandon(lost, JUNE + timedelta(days=2))
    load.won = won
    deliver()
    clock.instant = datetime(2026, 8, 1, tzinfo=UTC)
    return load


def path(load):
    return {"workspace_id": load.workspace_id}


def snapshots(load):
    return ask("/workspaces/{workspace_id}/metric-snapshots", path(load)).body["items"]


def snapshot(snapshot_id):
    return ask("/metric-snapshots/{metric_snapshot_id}", {"metric_snapshot_id": snapshot_id})


def test_the_document_s_figures_of_a_month(attempts):
    made = publish(path(attempts), body=IN_JUNE)
    assert made.status == 201
    (row,) = snapshots(attempts)
    assert made.headers["location"] == f"/v1/recovery/metric-snapshots/{row['id']}"
    assert (row["failed_revenue_cents"], row["recovered_revenue_cents"], row["recovery_rate"]) == (
        2000,
        1000,
        0.5,
    )
    assert (row["granularity"], row["currency"], row["at_risk_count"]) == ("monthly", "EUR", 2)
    assert (row["period_start"], row["period_end"]) == ("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z")
    metrics = snapshot(row["id"]).body["metrics"]
    assert (metrics["opened_count"], metrics["open_count"], metrics["decided_rate"]) == (3, 1, 0.5)
    assert (metrics["attribution"], metrics["median_hours_to_recover"]) == ({"auto_retry": 1}, 30)
    assert (metrics["at_risk_cents"], metrics["definition_version"]) == (5400, DEFINITION_VERSION)


def test_a_refund_later_supersedes_and_changes_nothing(attempts, clock):
    """S-78"""
    publish(path(attempts), body=IN_JUNE)
    (first,) = snapshots(attempts)
    before = snapshot(first["id"]).body
    attempts.reverse(attempts.won, clock.instant, 300)
    deliver()
    clock.forward(days=1)
    publish(path(attempts), body=IN_JUNE)
    assert snapshot(first["id"]).body == before
    latest = snapshots(attempts)[0]
    assert (latest["supersedes"], latest["recovered_revenue_cents"]) == (first["id"], 700)
    assert snapshot(latest["id"]).body["metrics"]["reversed_cents"] == 300


def test_one_snapshot_for_each_currency(attempts, clock):
    """S-77"""
    attempts.begin(JUNE, 70, currency="USD")
    deliver()
    made = publish(path(attempts), body=IN_JUNE)
    assert len(made.body["metric_snapshot_ids"]) == 2
    assert {row["currency"]: row["failed_revenue_cents"] for row in snapshots(attempts)} == {
        "EUR": 2000,
        "USD": 70,
    }


def test_no_case_is_no_rate(tenant, clock):
    """S-76: there is a snapshot, in the tenant's own currency, that says so."""
    load = AttemptList(tenant, tenant.workspace())
    clock.instant = datetime(2026, 8, 1, tzinfo=UTC)
    assert publish(path(load), body=IN_JUNE).status == 201
    (row,) = snapshots(load)
    assert (row["recovery_rate"], row["currency"], row["failed_revenue_cents"]) == (None, "USD", 0)


def test_a_period_that_runs_is_not_published(attempts):
    refused = publish(path(attempts), body={"first_day": "2026-07-20", "last_day": "2026-08-01"})
    assert (refused.status, refused.body["code"]) == (422, "period_running")
    assert snapshots(attempts) == []


@pytest.mark.parametrize(
    "days",
    [
        {"first_day": "2026-06-02", "last_day": "2026-06-01"},
        {"first_day": "2020-01-01", "last_day": "2026-01-01"},
    ],
)
def test_a_period_is_bounded(attempts, days):
    assert publish(path(attempts), body=days).status == 422


def test_the_same_request_is_answered_from_its_record(attempts):
    first = publish(path(attempts), body=IN_JUNE, headers={"idempotency-key": "once"})
    again = publish(path(attempts), body=IN_JUNE, headers={"idempotency-key": "once"})
    assert again.body == first.body
    assert len(snapshots(attempts)) == 1


def test_another_tenant_s_workspace_is_none(attempts):
    assert publish({"workspace_id": new_id()}, body=IN_JUNE).status == 404
    assert snapshot(new_id()).status == 404


def test_figures_of_now_with_what_they_mean(attempts):
    query = {"from": "2026-06-01", "to": "2026-06-30"}
    now = ask("/workspaces/{workspace_id}/metrics", path(attempts), query=query).body
    (euro,) = now["currencies"]
    assert (euro["recovery_rate"], euro["at_risk_cents"]) == (0.5, 5400)
    assert {name for name in euro if name.endswith("_rate")} <= now["definitions"].keys()
    assert now["as_of"] == "2026-08-01T00:00:00Z"


def test_the_calendar_is_the_workspace_s_own(tenant, clock):
    """The last minutes of May in New York are June in Greenwich."""
    load = AttemptList(tenant, tenant.workspace(timezone="America/New_York"))
    load.begin(datetime(2026, 6, 1, 3, 59, tzinfo=UTC))
    load.begin(datetime(2026, 6, 1, 4, 0, tzinfo=UTC))
    deliver()
    clock.instant = datetime(2026, 8, 1, tzinfo=UTC)
    publish(path(load), body=IN_JUNE)
    (row,) = snapshots(load)
    assert (row["failed_revenue_cents"], row["period_start"]) == (1000, "2026-06-01T04:00:00Z")
