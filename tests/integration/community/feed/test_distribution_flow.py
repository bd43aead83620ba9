"""The flow of a global distribution request: it waits, reminds, and rejects at the deadline."""

from datetime import timedelta

import pytest

from community.distribution import transactions
from community.distribution.flow import sweep_distributions
from community.distribution.handlers import remind_administrators
from community.post.decider import DUE
from support.community.distribution import requests
from support.community.feeds import deliver
from support.community.posts import delete
from support.dynamodb import before_next_write, stored_events, stored_items
from support.spec import LAMBDA
from support.step_functions import CODES
from troupe.ids import new_id
from troupe.messaging import executions
from troupe.store import keys, writes
from troupe.store.commit import Stale, commit
from troupe.store.due import Due
from troupe.store.transact import Contended


def test_the_administrators_are_reminded_daily_and_done_without_at_last(distribution, wall):
    requests(wall)
    distribution.passes(days=3, hours=1)
    assert [each.data["number"] for each in stored_events("post.global_reminded")] == [1, 2, 3]
    assert [each["reminders"] for each in distribution.queue().body["items"]] == [3]
    distribution.passes(days=4)
    assert distribution.flow.status == "SUCCEEDED"
    (rejected,) = stored_events("post.global_rejected")
    assert (rejected.data["reason"], rejected.actor) == ("Nobody has decided on it in time.", "flow")
    assert len(stored_events("post.global_reminded")) == 6


def test_the_time_to_decide_is_the_tenant_s(distribution, wall, tenant):
    tenant.people.settle(promotion_decision_days=2)
    requests(wall)
    distribution.passes(days=2)
    assert len(stored_events("post.global_rejected")) == 1


def test_the_sweep_does_it_all_where_the_flow_is_lost(distribution, wall):
    requests(wall)
    distribution.settle()
    distribution.engine.forget()
    for _ in range(8):
        distribution.clock.instant += timedelta(days=1)
        upto = int((distribution.clock.instant - timedelta(minutes=5)).timestamp())
        commit([writes.put(keys.swept(DUE), {"upto": upto})])
        assert sweep_distributions.handler({}, LAMBDA)["failed"] == 0
        distribution.settle()
    assert len(stored_events("post.global_reminded")) == 6
    (rejected,) = stored_events("post.global_rejected")
    assert (rejected.data["reason"], rejected.actor) == (sweep_distributions.UNDECIDED, "schedule")


def test_after_a_day_of_failures_the_flow_leaves_it_to_the_sweep(distribution, wall):
    functions = distribution.engine.functions
    distribution.engine.functions = {**functions, "NextDistributionStep": lambda *_: 1 / 0}
    requests(wall)
    distribution.passes(hours=30)
    tried = len(distribution.flow.called("NextDistributionStep"))
    assert (distribution.flow.status, tried) == ("SUCCEEDED", 11)


def test_one_failure_is_forgotten_with_the_next_success(distribution, wall):
    functions, broken = distribution.engine.functions, [True]

    def brittle(payload, context):
        if broken:
            broken.pop()
            raise OSError
        return functions["NextDistributionStep"](payload, context)

    distribution.engine.functions = {**functions, "NextDistributionStep": brittle}
    requests(wall)
    distribution.passes(days=1, hours=1)
    broken.append(True)
    distribution.passes(days=1)
    assert len(stored_events("post.global_reminded")) == 2
    assert distribution.flow.status == "RUNNING"


def test_the_sweep_leaves_alone_what_has_changed_meanwhile(distribution, wall):
    key = keys.state(wall.community.tenant.tenant_id, "post", wall.id)
    requests(wall)
    for due_id in (wall.id, f"{wall.community.id}.{new_id()}"):
        due = Due(
            tenant_id=wall.community.tenant.tenant_id, id=due_id, at=distribution.clock.instant, key=key
        )
        before = stored_items()
        sweep_distributions._act(due, LAMBDA)
        assert stored_items() == before


def test_a_flow_is_begun_once_and_told_however_often(distribution, wall):
    requests(wall)
    distribution.approves(wall)
    for _ in range(2):
        deliver(stored_events())
        distribution.engine.go_on()
    assert distribution.flow.status == "SUCCEEDED"


def test_a_decision_while_the_flow_begins_to_wait_is_not_missed(distribution, wall):
    """The token is answered at once: what it would wait for is over."""
    requests(wall)
    with before_next_write(lambda: distribution.approves(wall)):
        distribution.settle()
    assert distribution.flow.status == "SUCCEEDED"


def test_whose_post_loses_every_race_is_asked_again(distribution, wall, monkeypatch):
    def lost(_actions):
        raise Stale({})

    requests(wall)
    monkeypatch.setattr(transactions, "commit", lost)
    requested_at = wall.state().distribution.requested_at
    with pytest.raises(Contended):
        transactions.wait(wall.community.tenant.tenant_id, wall.id, requested_at, "token")


def test_a_deleted_post_s_flow_ends(distribution, wall):
    requests(wall)
    distribution.settle()
    wall(delete)
    distribution.settle()
    assert distribution.flow.status == "SUCCEEDED"


def test_an_unknown_flow_needs_no_answer(distribution, caplog):
    executions.answer("nobody's")
    said = [each.reason for each in caplog.records if each.message == "flow_not_waiting"]
    assert said == [CODES["SendTaskSuccess"]]


def test_no_reminder_comes_too_early(distribution, wall):
    requests(wall)
    before = stored_items()
    event = {"tenant_id": wall.community.tenant.tenant_id, "path": wall.path, "actor": "flow"}
    remind_administrators.handler(event, LAMBDA)
    assert stored_items() == before
