"""Promotions are decided on, started and ended when it is time, however often the sweep comes."""

from datetime import timedelta

import pytest

from commerce.promotion.decider import PROMOTION
from commerce.promotion.flow import sweep_promotions as flow_sweep
from support.commerce.approval_flow import sweep
from support.commerce.promotions import Promotions, cancel, pause
from support.dynamodb import stored_events
from support.principals import NOON
from support.spec import LAMBDA, TENANT
from troupe.domain.instants import rfc3339
from troupe.store.transact import load

DAY = timedelta(days=1)


@pytest.fixture
def promotions(shop, clock, monkeypatch):
    monkeypatch.setattr("commerce.promotion.flow.sweep_promotions.now", clock)
    return Promotions()


def run():
    return flow_sweep.handler({}, LAMBDA)


def status(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state.status


def test_an_undecided_promotion_is_rejected_at_its_deadline(promotions, clock):
    path = promotions.submitted(promotions.goods())
    for _ in range(6):
        clock.forward(days=1)
        assert sweep() == {"done": 1, "failed": 0}  # a reminder
    clock.instant = NOON + 7 * DAY - timedelta(seconds=1)
    assert sweep() == {"done": 0, "failed": 0}
    assert status(path) == "pending_approval"
    clock.instant = NOON + 7 * DAY
    assert sweep() == {"done": 1, "failed": 0}
    assert status(path) == "rejected"


def test_one_is_started_and_ended_by_its_window(promotions, clock):
    window = {"starts_at": rfc3339(NOON + DAY), "ends_at": rfc3339(NOON + 2 * DAY)}
    path = promotions.active(promotions.goods(), **window)
    assert sweep() == {"done": 0, "failed": 0}
    assert status(path) == "scheduled"
    clock.instant = NOON + DAY
    assert sweep() == {"done": 1, "failed": 0}
    assert status(path) == "active"
    clock.instant = NOON + 2 * DAY
    assert sweep() == {"done": 1, "failed": 0}
    assert status(path) == "ended"
    assert sweep() == {"done": 0, "failed": 0}
    assert [each.actor for each in stored_events("promotion.ended")] == ["schedule"]


def test_one_that_is_paused_ends_too(promotions, clock):
    path = promotions.active(promotions.goods(), ends_at=rfc3339(NOON + DAY))
    assert pause(path, **promotions.by).status == 200
    clock.instant = NOON + DAY
    assert run() == {"done": 1, "failed": 0}
    assert status(path) == "ended"


def test_what_was_cancelled_meanwhile_is_left(promotions, clock, monkeypatch):
    path = promotions.active(promotions.goods(), ends_at=rfc3339(NOON + DAY))
    clock.instant = NOON + DAY
    found = flow_sweep.load

    def late(*args):
        monkeypatch.setattr(flow_sweep, "load", found)
        assert cancel(path, **promotions.by).status == 200
        return found(*args)

    monkeypatch.setattr(flow_sweep, "load", late)
    assert run() == {"done": 1, "failed": 0}
    assert status(path) == "cancelled"
