"""The approval flow when executions, functions or tokens fail: the table knows, and the sweep takes over."""

from datetime import timedelta

from commerce.promotion.flow import sweep_promotions
from commerce.promotion.state import DUE
from support.commerce.approval_flow import reminders, state, sweep
from support.dynamodb import stored_events
from support.principals import NOON
from support.spec import LAMBDA
from troupe.store import keys, writes
from troupe.store.commit import commit

DAY = timedelta(days=1)


def test_everything_is_lost(asked, flowing_promotions, flow):
    path, a, _ = asked
    flow.engine.forget()
    flow.clock.forward(days=1)
    assert sweep() == {"done": 1, "failed": 0}
    assert [each.actor for each in stored_events("promotion.approvers_reminded")] == ["schedule"]
    flowing_promotions.decides("approve", path, a)
    flow.hears()  # the token's execution has ended, and that is no failure
    for _ in range(6):
        flow.clock.forward(days=1)
        assert sweep() == {"done": 1, "failed": 0}
    assert (state(path).status, state(path).approved) == ("active", (a,))


def test_it_was_never_begun(flowing_promotions, flow):
    path = flowing_promotions.submitted(flowing_promotions.goods())
    flowing_promotions.decides("approve", path)
    assert state(path).status == "active"


def test_the_sweep_and_the_flow_do_it_once(asked, flow):
    path, *_ = asked
    flow.passes(days=1, seconds=-1)
    flow.clock.forward(seconds=1)
    sweep()
    flow.settle()
    assert reminders() == [(1, ["global", *asked[1:]])]
    assert set(flow.execution(path).waiting.values()) == {NOON + 2 * DAY}
    flow.passes(days=6, seconds=-1)
    flow.clock.forward(seconds=1)
    sweep()
    flow.settle()
    assert len(stored_events("promotion.rejected")) == 1
    assert flow.execution(path).status == "SUCCEEDED"


def test_a_function_that_fails_is_asked_again(asked, flowing_promotions, flow):
    """Who could not be asked decides as ever; the others' answers are heard meanwhile."""
    path = flowing_promotions.submitted(flowing_promotions.goods())
    awaits, broken = flow.engine.functions["AwaitDecision"], [OSError(), OSError()]

    def brittle(payload, context):
        if broken:
            raise broken.pop()
        return awaits(payload, context)

    flow.engine.functions = {**flow.engine.functions, "AwaitDecision": brittle}
    flow.settle()
    assert flow.execution(path).waiting == {}
    flow.passes(minutes=16)
    assert len(flow.execution(path).waiting) == 1
    flowing_promotions.decides("approve", path)
    flow.settle()
    assert flow.execution(path).status == "SUCCEEDED"


def test_after_a_day_of_failures_the_sweep_takes_over(flowing_promotions, flow):
    path = flowing_promotions.submitted(flowing_promotions.goods())
    flow.engine.functions = {**flow.engine.functions, "NextApprovalStep": lambda *_: 1 / 0}
    flow.passes(hours=30)
    ended = flow.execution(path)
    assert (ended.status, len(ended.called("NextApprovalStep"))) == ("SUCCEEDED", 11)
    commit([writes.put(keys.swept(DUE), {"upto": int(NOON.timestamp())})])
    for _ in range(7):
        flow.clock.forward(days=1)
        assert sweep_promotions.handler({}, LAMBDA)["failed"] == 0
    assert len(stored_events("promotion.rejected")) == 1


def test_who_cannot_be_asked_for_a_week_is_tried_some_times_a_day(flowing_promotions, flow):
    """Not 288 times; the reminders succeed meanwhile, and in the end it is decided without them."""
    path = flowing_promotions.submitted(flowing_promotions.goods())
    flow.engine.functions = {**flow.engine.functions, "AwaitDecision": lambda *_: 1 / 0}
    flow.passes(days=8)
    ended = flow.execution(path)
    assert ended.status == "SUCCEEDED"
    assert len(ended.called("AwaitDecision")) < 100
    assert len(stored_events("promotion.rejected")) == 1
