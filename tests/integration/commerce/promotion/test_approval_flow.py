"""The approval flow: all approvers are asked at once, reminded every day, and a deadline ends it.

It holds only tokens: when it loses them, the promotion is still decided, started and ended.
"""

from datetime import timedelta

from support.commerce.approval_flow import approval, reminders, state
from support.commerce.promotions import cancel, community, submit, timed, update
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import NOON
from support.spec import LAMBDA
from support.step_functions import Execution

DAY = timedelta(days=1)


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

    def test_only_those_whom_it_is_for(self, flowing_promotions, flow):
        one = community(flowing_promotions.leader_id)
        alone = flowing_promotions.submitted(
            flowing_promotions.goods(), visibility="communities", communities=[one]
        )
        for_all = flowing_promotions.submitted(flowing_promotions.goods())
        flow.settle()
        for path, target in ((alone, one), (for_all, "global")):
            (wait,) = flow.execution(path).called("AwaitDecision")
            assert wait["body"]["target"] == target

    def test_when_all_have_decided_it_has_ended(self, asked, flowing_promotions, flow):
        path, a, b = asked
        for verdict, target in (("approve", a), ("reject", b)):
            flowing_promotions.decides(verdict, path, target)
            flow.settle()
            assert flow.execution(path).status == "RUNNING"
        assert len(flow.execution(path).waiting) == 1
        flowing_promotions.decides("approve", path)
        assert (
            state(path).status == "active"
        )  # the decision itself makes it so, and the flow only hears of it
        flow.settle()
        assert (flow.execution(path).status, flow.execution(path).called("DecidePromotion")) == (
            "SUCCEEDED",
            [],
        )

    def test_what_is_cancelled_ends_it(self, asked, flowing_promotions, flow):
        path, *_ = asked
        cancel(path, **flowing_promotions.by)
        flow.settle()
        assert flow.execution(path).status == "SUCCEEDED"


class TestTime:
    def test_who_has_not_decided_is_reminded_every_day(self, asked, flowing_promotions, flow):
        path, a, b = asked
        flow.passes(hours=23, minutes=59)
        assert reminders() == []
        flowing_promotions.decides("reject", path, a)
        flow.passes(minutes=1)
        assert reminders() == [(1, ["global", b])]
        flowing_promotions.decides("approve", path)
        flow.passes(days=1)
        assert reminders() == [(1, ["global", b]), (2, [b])]
        assert flow.execution(path).waiting.keys() == {approval(path, b)["task_token"]}
        assert {each.actor for each in stored_events("promotion.approvers_reminded")} == {"flow"}

    def test_at_the_deadline_it_is_decided_without_them(self, asked, flowing_promotions, flow):
        path, a, _ = asked
        flowing_promotions.decides("approve", path, a)
        flow.passes(days=7, seconds=-1)
        assert (state(path).status, len(reminders())) == ("pending_approval", 6)
        flow.passes(seconds=1)
        assert (state(path).status, state(path).approved) == ("active", (a,))
        assert flow.execution(path).status == "SUCCEEDED"
        assert [each.actor for each in stored_events("promotion.activated")] == ["flow"]

    def test_the_deadline_is_what_the_tenant_settled(self, shop, flowing_promotions, flow):
        shop.people.settle(promotion_decision_days=2)
        path = flowing_promotions.submitted(flowing_promotions.goods())
        flow.passes(days=2)
        assert (state(path).status, len(reminders())) == ("rejected", 1)

    def test_a_target_left_open_adds_its_card_alone(self, asked, flowing_promotions, flow):
        """S-35: approved in A when time was up; B comes later, without a flow, and A is left as it is."""
        path, a, b = asked
        flowing_promotions.decides("approve", path, a)
        flow.passes(days=7)
        before = len(stored_events())
        flowing_promotions.decides("approve", path, b)
        flow.settle()
        assert [each.data.get("target") for each in stored_events()[before:]] == [b]
        assert state(path).approved == (a, b)
        assert len(flow.engine.executions) == 1


class TestSubmittedAgain:
    def test_it_has_a_flow_of_its_own(self, flowing_promotions, flow):
        path = flowing_promotions.submitted(flowing_promotions.goods())
        flow.settle()
        flowing_promotions.decides("reject", path)
        flow.passes(hours=1)
        update(path, body={"title": "Better"}, **flowing_promotions.by)
        assert submit(path, **flowing_promotions.by).status == 200
        flow.settle()
        assert sorted(each.status for each in flow.engine.executions.values()) == ["RUNNING", "SUCCEEDED"]
        flowing_promotions.decides("approve", path)
        flow.settle()
        assert {each.status for each in flow.engine.executions.values()} == {"SUCCEEDED"}

    def test_late_news_of_the_first_leave_it_alone(self, flowing_promotions, flow):
        path = flowing_promotions.submitted(flowing_promotions.goods())
        flowing_promotions.decides("reject", path)
        flow.clock.forward(hours=1)
        submit(path, **flowing_promotions.by)
        flow.settle()
        first, second = flow.engine.executions.values()
        assert (first.status, first.called("AwaitDecision"), second.status) == ("SUCCEEDED", [], "RUNNING")


class TestTwice:
    def test_it_is_begun_once_for_a_submission(self, asked, flow):
        path, *_ = asked
        flow.hears(again=True)
        flow.settle()
        assert len(flow.execution(path).called("AwaitDecision")) == 3

    def test_a_token_that_was_used_is_no_harm(self, asked, flowing_promotions, flow):
        path, a, _ = asked
        flowing_promotions.decides("approve", path, a)
        flow.settle()
        after = stored_items()
        flow.hears(again=True)
        flow.settle()
        assert stored_items() == after

    def test_a_function_that_is_called_twice(self, asked, flow):
        path, a, _ = asked
        (wait,) = [
            each for each in flow.execution(path).called("AwaitDecision") if each["body"]["target"] == a
        ]
        after = stored_items()
        for _ in range(2):
            assert flow.engine.functions["AwaitDecision"](wait, LAMBDA) == {"waits": True}
        assert stored_items() == after

    def test_two_flows_of_one_submission(self, asked, flowing_promotions, flow):
        """The second has the tokens; the first waits in vain, until it asks again and hears that it is done."""
        path, a, b = asked
        first = flow.execution(path)
        flow.engine.executions["another"] = Execution(flow.engine, "another", first.input)
        flow.settle()
        for target in (a, b, "global"):
            flowing_promotions.decides("approve", path, target)
        flow.settle()
        assert [each.status for each in flow.engine.executions.values()] == ["RUNNING", "SUCCEEDED"]
        flow.passes(days=1)
        assert first.status == "SUCCEEDED"
        assert (len(stored_events("promotion.activated")), reminders()) == (1, [])


class TestRaces:
    def test_a_decision_before_the_token_is_there(self, flowing_promotions, flow):
        """It comes between what the flow was told and what it asks for: the token is answered at once."""
        path = flowing_promotions.submitted(
            flowing_promotions.goods(),
            visibility="both",
            communities=[community(flowing_promotions.leader_id)],
        )
        flow.hears("promotion.submitted")
        told = flow.engine.functions["NextApprovalStep"]

        def slow(payload, context):
            answer = told(payload, context)
            if state(path).open[:1] == ("global",):
                flowing_promotions.decides("approve", path)
            return answer

        flow.engine.functions = {**flow.engine.functions, "NextApprovalStep": slow}
        flow.engine.go_on()
        (for_all, _) = flow.execution(path).called("AwaitDecision")
        assert for_all["body"]["task_token"] in flow.engine.answered
        assert len(flow.execution(path).waiting) == 1

    def test_a_decision_while_the_token_is_stored(self, flowing_promotions, flow):
        """The decision commits before the token is stored: then the flow does not wait."""
        path = flowing_promotions.submitted(flowing_promotions.goods())
        flow.hears("promotion.submitted")
        with before_next_write(lambda: flowing_promotions.decides("approve", path)):
            flow.engine.go_on()
        assert "task_token" not in approval(path, "global")
        flow.settle()
        assert flow.execution(path).status == "SUCCEEDED"


def test_by_hand_nothing_comes_of_it_before_it_is_time(asked):
    """remind_approvers is the flow's: called too soon, it sends no mail."""
    path, *_ = asked
    before = stored_items()
    timed("remind_approvers", path["promotion_id"])
    assert stored_items() == before
