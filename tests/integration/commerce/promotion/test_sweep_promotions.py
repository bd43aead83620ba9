"""Promotions are decided on, started and ended when it is time, however often the sweep comes."""

from datetime import timedelta

import pytest

from approving import sweep
from booth import Booth, cancel, pause
from commerce.flows import sweep_promotions
from commerce.promotion import PROMOTION
from people import NOON
from spec import LAMBDA, TENANT
from town import happened
from troupe.clock import rfc3339
from troupe.store import load

DAY = timedelta(days=1)


@pytest.fixture
def booth(market, clock, monkeypatch):
    monkeypatch.setattr("commerce.flows.sweep_promotions.now", clock)
    return Booth()


def run():
    return sweep_promotions.handler({}, LAMBDA)


def status(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state.status


def test_one_that_nobody_decided_on_is_rejected_when_its_time_is_over(booth, clock):
    path = booth.submitted(booth.goods())
    for _ in range(6):
        clock.forward(days=1)
        assert sweep() == {"done": 1, "failed": 0}  # a reminder
    clock.instant = NOON + 7 * DAY - timedelta(seconds=1)
    assert sweep() == {"done": 0, "failed": 0}
    assert status(path) == "pending_approval"
    clock.instant = NOON + 7 * DAY
    assert sweep() == {"done": 1, "failed": 0}
    assert status(path) == "rejected"


def test_one_is_started_and_ended_by_its_window(booth, clock):
    window = {"starts_at": rfc3339(NOON + DAY), "ends_at": rfc3339(NOON + 2 * DAY)}
    path = booth.active(booth.goods(), **window)
    assert sweep() == {"done": 0, "failed": 0}
    assert status(path) == "scheduled"
    clock.instant = NOON + DAY
    assert sweep() == {"done": 1, "failed": 0}
    assert status(path) == "active"
    clock.instant = NOON + 2 * DAY
    assert sweep() == {"done": 1, "failed": 0}
    assert status(path) == "ended"
    assert sweep() == {"done": 0, "failed": 0}
    assert [each.actor for each in happened("promotion.ended")] == ["schedule"]


def test_one_that_is_paused_ends_too(booth, clock):
    path = booth.active(booth.goods(), ends_at=rfc3339(NOON + DAY))
    assert pause(path, **booth.by).status == 200
    clock.instant = NOON + DAY
    assert run() == {"done": 1, "failed": 0}
    assert status(path) == "ended"


def test_what_was_cancelled_meanwhile_is_left(booth, clock, monkeypatch):
    path = booth.active(booth.goods(), ends_at=rfc3339(NOON + DAY))
    clock.instant = NOON + DAY
    found = sweep_promotions.load

    def late(*args):
        monkeypatch.setattr(sweep_promotions, "load", found)
        assert cancel(path, **booth.by).status == 200
        return found(*args)

    monkeypatch.setattr(sweep_promotions, "load", late)
    assert run() == {"done": 1, "failed": 0}
    assert status(path) == "cancelled"
