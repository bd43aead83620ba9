"""The flow of a request that everybody be shown a post: it waits, reminds, and turns down in the end."""

from datetime import timedelta

import pytest

from community.distribution import transactions
from community.distribution.flow import sweep_distributions
from community.distribution.handlers import remind_administrators
from community.post.decider import DUE
from support.community.distribution import requests
from support.community.feeds import deliver
from support.community.posts import delete
from support.identity.tenant import happened, items, meanwhile
from support.spec import LAMBDA
from support.step_functions import CODES
from troupe.ids import new_id
from troupe.messaging import executions
from troupe.store import keys, writes
from troupe.store.commit import Stale, commit
from troupe.store.due import Due
from troupe.store.transact import Contended


def test_the_administrators_are_reminded_daily_and_done_without_at_last(desk, wall):
    requests(wall)
    desk.passes(days=3, hours=1)
    assert [each.data["number"] for each in happened("post.global_reminded")] == [1, 2, 3]
    assert [each["reminders"] for each in desk.queue().body["items"]] == [3]
    desk.passes(days=4)
    assert desk.flow.status == "SUCCEEDED"
    (rejected,) = happened("post.global_rejected")
    assert (rejected.data["reason"], rejected.actor) == ("Nobody has decided on it in time.", "flow")
    assert len(happened("post.global_reminded")) == 6


def test_the_time_to_decide_is_the_tenant_s(desk, wall, plaza):
    plaza.people.settle(promotion_decision_days=2)
    requests(wall)
    desk.passes(days=2)
    assert len(happened("post.global_rejected")) == 1


def test_the_sweep_does_it_all_where_the_flow_is_lost(desk, wall):
    requests(wall)
    desk.settle()
    desk.engine.forget()
    for _ in range(8):
        desk.clock.instant += timedelta(days=1)
        upto = int((desk.clock.instant - timedelta(minutes=5)).timestamp())
        commit([writes.put(keys.swept(DUE), {"upto": upto})])
        assert sweep_distributions.handler({}, LAMBDA)["failed"] == 0
        desk.settle()
    assert len(happened("post.global_reminded")) == 6
    (rejected,) = happened("post.global_rejected")
    assert (rejected.data["reason"], rejected.actor) == (sweep_distributions.UNDECIDED, "schedule")


def test_the_sweep_leaves_alone_what_has_changed_meanwhile(desk, wall):
    key = keys.state(wall.circle.plaza.tenant_id, "post", wall.id)
    requests(wall)
    for due_id in (wall.id, f"{wall.circle.id}.{new_id()}"):
        due = Due(tenant_id=wall.circle.plaza.tenant_id, id=due_id, at=desk.clock.instant, key=key)
        before = items()
        sweep_distributions._act(due, LAMBDA)
        assert items() == before


def test_a_flow_is_begun_once_and_told_however_often(desk, wall):
    requests(wall)
    desk.approves(wall)
    for _ in range(2):
        deliver(happened())
        desk.engine.go_on()
    assert desk.flow.status == "SUCCEEDED"


def test_a_decision_while_the_flow_begins_to_wait_is_not_missed(desk, wall):
    """The token is answered at once: what it would wait for is over."""
    requests(wall)
    with meanwhile(lambda: desk.approves(wall)):
        desk.settle()
    assert desk.flow.status == "SUCCEEDED"


def test_whose_post_loses_every_race_is_asked_again(desk, wall, monkeypatch):
    def lost(_actions):
        raise Stale({})

    requests(wall)
    monkeypatch.setattr(transactions, "commit", lost)
    requested_at = wall.state().distribution.requested_at
    with pytest.raises(Contended):
        transactions.wait(wall.circle.plaza.tenant_id, wall.id, requested_at, "token")


def test_a_deleted_post_s_flow_ends(desk, wall):
    requests(wall)
    desk.settle()
    wall(delete)
    desk.settle()
    assert desk.flow.status == "SUCCEEDED"


def test_a_flow_that_nobody_knows_needs_no_answer(desk, caplog):
    executions.answer("nobody's")
    said = [each.reason for each in caplog.records if each.message == "flow_not_waiting"]
    assert said == [CODES["SendTaskSuccess"]]


def test_nobody_is_reminded_too_early(desk, wall):
    requests(wall)
    before = items()
    event = {"tenant_id": wall.circle.plaza.tenant_id, "path": wall.path, "actor": "flow"}
    remind_administrators.handler(event, LAMBDA)
    assert items() == before
