"""The approval flow: everybody is asked at once, reminded every day, and decided without when time is up.

It holds nothing but tokens: whatever it forgets, the promotion is decided, started and ended all the same.
"""

from datetime import timedelta

import pytest

from commerce.promotion import transactions
from commerce.promotion.decider import PROMOTION
from support.commerce.approval_flow import sweep
from support.commerce.promotions import Booth, cancel, community, submit, timed, update
from support.identity.tenant import happened, items, meanwhile
from support.principals import NOON
from support.spec import LAMBDA, TENANT
from support.step_functions import Execution
from troupe.store import reads
from troupe.store.transact import load

DAY = timedelta(days=1)
APRIL = "2026-04-01T00:00:00Z"


@pytest.fixture
def booth(flow, monkeypatch):
    monkeypatch.setattr("commerce.promotion.flow.sweep_promotions.now", flow.clock)
    return Booth()


@pytest.fixture
def asked(booth, flow):
    """A promotion that waits for the admin and two leaders, and where it is to be shown."""
    a, b = community(booth.leader_id), community(booth.leader_id)
    path = booth.submitted(booth.goods(), visibility="both", communities=[a, b], ends_at=APRIL)
    flow.settle()
    return path, a, b


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def approval(path, target):
    return reads.one(transactions.approval(TENANT, path["promotion_id"], target))


def reminders():
    return [(each.data["number"], each.data["targets"]) for each in happened("promotion.approvers_reminded")]


class TestAsking:
    def test_the_admin_and_the_leaders_are_asked_at_once(self, asked, flow):
        path, *targets = asked
        execution = flow.execution(path)
        waits = execution.called("AwaitDecision")
        assert [each["body"]["target"] for each in waits] == ["global", *targets]
        assert {each["actor"] for each in waits} == {"flow"}
        tokens = [approval(path, each)["task_token"] for each in ("global", *targets)]
        assert set(tokens) == set(execution.waiting)
        assert set(execution.waiting.values()) == {NOON + DAY}

    def test_only_those_whom_it_is_for(self, booth, flow):
        one = community(booth.leader_id)
        alone = booth.submitted(booth.goods(), visibility="communities", communities=[one])
        for_all = booth.submitted(booth.goods())
        flow.settle()
        for path, target in ((alone, one), (for_all, "global")):
            (wait,) = flow.execution(path).called("AwaitDecision")
            assert wait["body"]["target"] == target

    def test_when_all_have_decided_it_has_ended(self, asked, booth, flow):
        path, a, b = asked
        for verdict, target in (("approve", a), ("reject", b)):
            booth.decides(verdict, path, target)
            flow.settle()
            assert flow.execution(path).status == "RUNNING"
        assert len(flow.execution(path).waiting) == 1
        booth.decides("approve", path)
        assert (
            state(path).status == "active"
        )  # the decision itself makes it so, and the flow only hears of it
        flow.settle()
        assert (flow.execution(path).status, flow.execution(path).called("DecidePromotion")) == (
            "SUCCEEDED",
            [],
        )

    def test_what_is_cancelled_ends_it(self, asked, booth, flow):
        path, *_ = asked
        cancel(path, **booth.by)
        flow.settle()
        assert flow.execution(path).status == "SUCCEEDED"


class TestTime:
    def test_who_has_not_decided_is_reminded_every_day(self, asked, booth, flow):
        path, a, b = asked
        flow.passes(hours=23, minutes=59)
        assert reminders() == []
        booth.decides("reject", path, a)
        flow.passes(minutes=1)
        assert reminders() == [(1, ["global", b])]
        booth.decides("approve", path)
        flow.passes(days=1)
        assert reminders() == [(1, ["global", b]), (2, [b])]
        assert flow.execution(path).waiting.keys() == {approval(path, b)["task_token"]}
        assert {each.actor for each in happened("promotion.approvers_reminded")} == {"flow"}

    def test_at_the_deadline_it_is_decided_without_them(self, asked, booth, flow):
        path, a, _ = asked
        booth.decides("approve", path, a)
        flow.passes(days=7, seconds=-1)
        assert (state(path).status, len(reminders())) == ("pending_approval", 6)
        flow.passes(seconds=1)
        assert (state(path).status, state(path).approved) == ("active", (a,))
        assert flow.execution(path).status == "SUCCEEDED"
        assert [each.actor for each in happened("promotion.activated")] == ["flow"]

    def test_the_deadline_is_what_the_tenant_settled(self, market, booth, flow):
        market.people.settle(promotion_decision_days=2)
        path = booth.submitted(booth.goods())
        flow.passes(days=2)
        assert (state(path).status, len(reminders())) == ("rejected", 1)

    def test_a_target_left_open_adds_its_card_alone(self, asked, booth, flow):
        """S-35: approved in A when time was up; B comes later, without a flow, and A is left as it is."""
        path, a, b = asked
        booth.decides("approve", path, a)
        flow.passes(days=7)
        before = len(happened())
        booth.decides("approve", path, b)
        flow.settle()
        assert [each.data.get("target") for each in happened()[before:]] == [b]
        assert state(path).approved == (a, b)
        assert len(flow.engine.executions) == 1


class TestSubmittedAgain:
    def test_it_has_a_flow_of_its_own(self, booth, flow):
        path = booth.submitted(booth.goods())
        flow.settle()
        booth.decides("reject", path)
        flow.passes(hours=1)
        update(path, body={"title": "Better"}, **booth.by)
        assert submit(path, **booth.by).status == 200
        flow.settle()
        assert sorted(each.status for each in flow.engine.executions.values()) == ["RUNNING", "SUCCEEDED"]
        booth.decides("approve", path)
        flow.settle()
        assert {each.status for each in flow.engine.executions.values()} == {"SUCCEEDED"}

    def test_late_news_of_the_first_leave_it_alone(self, booth, flow):
        path = booth.submitted(booth.goods())
        booth.decides("reject", path)
        flow.clock.forward(hours=1)
        submit(path, **booth.by)
        flow.settle()
        first, second = flow.engine.executions.values()
        assert (first.status, first.called("AwaitDecision"), second.status) == ("SUCCEEDED", [], "RUNNING")


class TestTwice:
    def test_it_is_begun_once_for_a_submission(self, asked, flow):
        path, *_ = asked
        flow.hears(again=True)
        flow.settle()
        assert len(flow.execution(path).called("AwaitDecision")) == 3

    def test_a_token_that_was_used_is_no_harm(self, asked, booth, flow):
        path, a, _ = asked
        booth.decides("approve", path, a)
        flow.settle()
        after = items()
        flow.hears(again=True)
        flow.settle()
        assert items() == after

    def test_a_function_that_is_called_twice(self, asked, flow):
        path, a, _ = asked
        (wait,) = [
            each for each in flow.execution(path).called("AwaitDecision") if each["body"]["target"] == a
        ]
        after = items()
        for _ in range(2):
            assert flow.engine.functions["AwaitDecision"](wait, LAMBDA) == {"waits": True}
        assert items() == after

    def test_two_flows_of_one_submission(self, asked, booth, flow):
        """The second has the tokens; the first waits in vain, until it asks again and hears that it is done."""
        path, a, b = asked
        first = flow.execution(path)
        flow.engine.executions["another"] = Execution(flow.engine, "another", first.input)
        flow.settle()
        for target in (a, b, "global"):
            booth.decides("approve", path, target)
        flow.settle()
        assert [each.status for each in flow.engine.executions.values()] == ["RUNNING", "SUCCEEDED"]
        flow.passes(days=1)
        assert first.status == "SUCCEEDED"
        assert (len(happened("promotion.activated")), reminders()) == (1, [])


class TestRaces:
    def test_a_decision_before_the_token_is_there(self, booth, flow):
        """It comes between what the flow was told and what it asks for: the token is answered at once."""
        path = booth.submitted(booth.goods(), visibility="both", communities=[community(booth.leader_id)])
        flow.hears("promotion.submitted")
        told = flow.engine.functions["NextApprovalStep"]

        def slow(payload, context):
            answer = told(payload, context)
            if state(path).open[:1] == ("global",):
                booth.decides("approve", path)
            return answer

        flow.engine.functions = {**flow.engine.functions, "NextApprovalStep": slow}
        flow.engine.go_on()
        (for_all, _) = flow.execution(path).called("AwaitDecision")
        assert for_all["body"]["task_token"] in flow.engine.answered
        assert len(flow.execution(path).waiting) == 1

    def test_a_decision_while_the_token_is_stored(self, booth, flow):
        """It commits before the token does: then the token finds that nobody has to be waited for."""
        path = booth.submitted(booth.goods())
        flow.hears("promotion.submitted")
        with meanwhile(lambda: booth.decides("approve", path)):
            flow.engine.go_on()
        assert "task_token" not in approval(path, "global")
        flow.settle()
        assert flow.execution(path).status == "SUCCEEDED"


class TestForgetting:
    """Whatever the workflow engine forgets, the table knows."""

    def test_everything_is_lost(self, asked, booth, flow):
        path, a, _ = asked
        flow.engine.forget()
        flow.clock.forward(days=1)
        assert sweep() == {"done": 1, "failed": 0}
        assert [each.actor for each in happened("promotion.approvers_reminded")] == ["schedule"]
        booth.decides("approve", path, a)
        flow.hears()  # the token is nobody's any more, and that is no failure
        for _ in range(6):
            flow.clock.forward(days=1)
            assert sweep() == {"done": 1, "failed": 0}
        assert (state(path).status, state(path).approved) == ("active", (a,))

    def test_it_was_never_begun(self, booth, flow):
        path = booth.submitted(booth.goods())
        booth.decides("approve", path)
        assert state(path).status == "active"

    def test_the_sweep_and_the_flow_do_it_once(self, asked, flow):
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
        assert len(happened("promotion.rejected")) == 1
        assert flow.execution(path).status == "SUCCEEDED"

    def test_a_function_that_fails_is_asked_again(self, asked, booth, flow):
        """Who could not be asked decides as ever; the others' answers are heard meanwhile."""
        path = booth.submitted(booth.goods())
        awaits, broken = flow.engine.functions["AwaitDecision"], [OSError(), OSError()]

        def brittle(payload, context):
            if broken:
                raise broken.pop()
            return awaits(payload, context)

        flow.engine.functions = {**flow.engine.functions, "AwaitDecision": brittle}
        flow.settle()
        assert flow.execution(path).waiting == {}
        flow.passes(minutes=11)
        assert len(flow.execution(path).waiting) == 1
        booth.decides("approve", path)
        flow.settle()
        assert flow.execution(path).status == "SUCCEEDED"


def test_by_hand_nothing_comes_of_it_before_it_is_time(asked):
    """remind_approvers is the flow's: called too soon, it tells nobody."""
    path, *_ = asked
    before = items()
    timed("remind_approvers", path["promotion_id"])
    assert items() == before
