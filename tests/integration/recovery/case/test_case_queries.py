"""What is asked about attempts: lists, one of them, why everything was done, and what is due next."""

from datetime import UTC, datetime, timedelta

import pytest

from support.dynamodb import round_trips
from support.recovery.attempt_histories import PLANNING, failed
from support.recovery.attempt_lists import AttemptList, deliver
from support.recovery.tenant import ask
from support.spec import OTHER
from troupe.ids import new_id

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def attempts(tenant):
    return AttemptList(tenant, tenant.workspace())


def listed(load, status=None):
    query = {"status": status} if status else None
    path = {"workspace_id": load.workspace_id}
    return ask("/workspaces/{workspace_id}/recovery-attempts", path, query=query).body["items"]


def one(attempt_id, more=""):
    return ask(f"/recovery-attempts/{{recovery_attempt_id}}{more}", {"recovery_attempt_id": attempt_id})


def due(load):
    return ask("/workspaces/{workspace_id}/due", {"workspace_id": load.workspace_id}).body["items"]


def test_lists_are_by_status_the_latest_first(attempts):
    older, newer = attempts.begin(AT), attempts.begin(AT + timedelta(hours=1))
    lost = attempts.begin(AT)
    attempts.abandon(lost, AT + timedelta(hours=2))
    assert [row["id"] for row in listed(attempts)] == [newer, older]
    (abandoned,) = listed(attempts, "abandoned")
    assert (abandoned["id"], abandoned["end_reason"], abandoned["status"]) == (lost, "cancelled", "abandoned")


def test_one_attempt_with_its_steps_charges_and_what_comes(attempts):
    attempt_id = attempts.begin(AT)
    reply = one(attempt_id)
    assert (reply.status, reply.version) == (200, 2)
    shown = reply.body
    assert (shown["status"], shown["amount_due_cents"], shown["currency"]) == ("pending", 1000, "EUR")
    assert [step["status"] for step in shown["steps"]] == ["scheduled"] * 3
    assert shown["next_action"]["action"] == "send_step"
    assert [charge["executed"] for charge in shown["charges"]] == [True]
    assert one(new_id()).status == 404


def test_the_timeline_says_why(attempts):
    attempt_id = attempts.begin(AT)
    attempts.ask(
        attempt_id, failed(9, AT + timedelta(minutes=1), planning=PLANNING), AT + timedelta(minutes=1)
    )
    attempts.abandon(attempt_id, AT + timedelta(hours=2))
    entries = {entry["type"]: entry for entry in one(attempt_id, "/timeline").body["items"]}
    assert entries["recovery_attempt.abandoned"]["reason"] == "cancelled"
    scheduled = entries["recovery_attempt.retry_scheduled"]
    assert scheduled["reason"] == scheduled["data"]["decision"]["rule"]
    assert any("zone" in considered for considered in scheduled["considered"])
    assert one(new_id(), "/timeline").status == 404


def test_what_is_due_next_the_soonest_first(attempts):
    later, sooner = attempts.begin(AT + timedelta(days=1)), attempts.begin(AT)
    gone = attempts.begin(AT)
    attempts.abandon(gone, AT)
    deliver()
    rows = due(attempts)
    assert [(row["recovery_attempt_id"], row["action"]) for row in rows] == [
        (sooner, "send_step"),
        (later, "send_step"),
    ]
    assert rows[0]["due_at"] == "2026-03-01T12:00:00Z"


def test_what_was_due_is_not_when_it_is_over(attempts):
    attempt_id = attempts.begin(AT)
    deliver()
    assert len(due(attempts)) == 1
    attempts.recover(attempt_id, AT + timedelta(hours=1))
    deliver(size=3)
    assert due(attempts) == []


LISTS = (
    *("recovery-attempts", "due", "recovery-outcomes", "subscriptions-at-risk", "metric-snapshots"),
    *("stripe-accounts", "dunning-sequences"),
)


@pytest.mark.parametrize("route", [f"/workspaces/{{workspace_id}}/{each}" for each in LISTS])
def test_a_workspace_with_nothing_is_told_from_none(tenant, route):
    """An empty page takes a Get more; a foreign workspace is none."""
    path = {"workspace_id": tenant.workspace()}
    with round_trips() as made:
        assert ask(route, path).body == {"items": [], "cursor": None}
    assert made[-2:] == ["Query", "BatchGetItem"]
    assert ask(route, path, tenant_id=OTHER).status == 404
    assert ask(route, {"workspace_id": new_id()}).status == 404
