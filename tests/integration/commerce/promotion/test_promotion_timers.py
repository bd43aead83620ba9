"""A promotion's window: a schedule starts it, a schedule ends it, and each deletes itself."""

import json

import pytest

from commerce.promotion.routes import end_promotion, start_promotion
from support.commerce.approval_flow import ENVIRONMENT, GROUP
from support.commerce.promotions import Promotions, cancel
from support.dynamodb import stored_items
from support.principals import NOON
from support.spec import LAMBDA, TENANT
from troupe.aws.clients import scheduler
from troupe.domain.instants import rfc3339


@pytest.fixture
def promotions(flow):
    return Promotions()


def timers():
    listed = scheduler().list_schedules(GroupName=GROUP)["Schedules"]
    found = (scheduler().get_schedule(GroupName=GROUP, Name=each["Name"]) for each in listed)
    return {each["Name"]: each for each in found}


def test_one_for_the_start_and_one_for_the_end(promotions, flow):
    path = promotions.active(promotions.goods(), starts_at="2026-03-02T00:00:00Z")
    for _ in range(2):
        flow.hears(again=True)
    name = f"start-{path['promotion_id']}"
    (start,) = timers().values()
    assert (start["Name"], start["ScheduleExpression"]) == (name, "at(2026-03-02T00:00:01)")
    given = json.loads(start["Target"]["Input"])
    assert (given["tenant_id"], given["path"], given["actor"]) == (TENANT, path, "timer")
    flow.clock.forward(hours=12, seconds=1)
    start_promotion(given, LAMBDA)
    flow.hears(again=True)
    end = timers()[f"end-{path['promotion_id']}"]
    assert end["ScheduleExpression"] == "at(2026-03-08T12:00:01)"
    for timer, command in ((start, "START_PROMOTION_ARN"), (end, "END_PROMOTION_ARN")):
        assert timer["Target"]["Arn"] == ENVIRONMENT[command]
        assert (timer["ActionAfterCompletion"], timer["State"]) == ("DELETE", "ENABLED")


def test_what_is_on_at_once_is_ended_alone_and_what_is_always_on_never(promotions, flow):
    path = promotions.active(promotions.goods())
    always = {"kind": "default", "ends_at": None, "products": [{"product_id": promotions.goods("A").id}]}
    promotions.active(promotions.goods("B"), **always)
    flow.hears()
    assert list(timers()) == [f"end-{path['promotion_id']}"]


def test_an_end_that_is_past_when_it_is_heard_of_is_near(promotions, flow):
    """A schedule of the past would never call."""
    promotions.active(promotions.goods(), ends_at=rfc3339(NOON.replace(hour=13)))
    flow.clock.forward(days=1)
    flow.hears()
    (end,) = timers().values()
    assert end["ScheduleExpression"] == "at(2026-03-02T12:01:01)"


def test_a_timer_of_what_was_cancelled_changes_nothing(promotions, flow):
    path = promotions.active(promotions.goods(), starts_at="2026-03-02T00:00:00Z")
    cancel(path, **promotions.by)
    flow.clock.forward(days=30)
    after = stored_items()
    for command in (start_promotion, end_promotion):
        command({"tenant_id": TENANT, "path": path, "actor": "timer"}, LAMBDA)
    assert stored_items() == after
