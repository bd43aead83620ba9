"""What a person does to a recovery attempt: held, resumed, ended, reversed; each with its manners."""

from datetime import timedelta

import pytest

from recovery.attempt.commands import ClaimRetry, HoldRecoveryAttempt, MarkRecovered
from recovery.attempt.outcome import RECOVERY_OUTCOME
from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.recovery.attempt_histories import HARD, PLANNING, charge, failed
from support.recovery.open_attempts import ask, open_case, stored
from support.recovery.tenant import Call
from support.spec import TENANT
from troupe.domain.instants import rfc3339
from troupe.ids import new_id
from troupe.store.transact import load

BASE = "POST /recovery-attempts/{recovery_attempt_id}"
hold = Call("hold_recovery_attempt", f"{BASE}/hold", {})
resume = Call("resume_recovery_attempt", f"{BASE}/resume")
recovered = Call("mark_recovered", f"{BASE}/mark-recovered", {"recovered_amount_cents": 2900})
failed_by_hand = Call("mark_failed", f"{BASE}/mark-failed", {})
abandon = Call("abandon_recovery_attempt", f"{BASE}/abandon", {})
reverse = Call("reverse_recovery", f"{BASE}/reverse", {"reversed_amount_cents": 900, "reason": "refund"})
record = Call(
    "record_payment_attempt",
    f"{BASE}/payment-attempts",
    {
        "id": "ch_2",
        "at": "2026-03-01T11:00:00Z",
        "status": "failed",
        "amount_cents": 2900,
        "decline": {"decline_code": "insufficient_funds"},
    },
)
FLOW = {"principal": "flow", "kind": "system"}


@pytest.fixture
def workspace(tenant, clock):
    return tenant.workspace()


def path(attempt_id):
    return {"recovery_attempt_id": attempt_id}


def begun(tenant, workspace, *commands, **given):
    """Without a subscription, of which more would be read."""
    return open_case(tenant, workspace, *commands, **{"stripe_subscription_id": None, **given})


class TestManners:
    @pytest.mark.parametrize(
        "call, permission",
        [
            (hold, "hold"),
            (recovered, "mark_recovered"),
            (failed_by_hand, "mark_failed"),
            (abandon, "abandon"),
        ],
    )
    def test_of_what_is_pending(self, tenant, workspace, call, permission):
        attempt = begun(tenant, workspace)
        before = stored(attempt).version
        reply = CommandContract(call, path(attempt), f"recovery_attempt:{permission}").check()
        assert (reply.body["id"], reply.body["version"] > before) == (attempt, True)

    def test_of_what_is_held(self, tenant, workspace):
        attempt = begun(tenant, workspace, HoldRecoveryAttempt())
        CommandContract(resume, path(attempt), "recovery_attempt:resume").check()
        assert stored(attempt).state.held_at is None

    def test_of_what_is_recovered(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        recovered(path(attempt))
        CommandContract(reverse, path(attempt), "recovery_attempt:reverse").check()
        assert stored(attempt).state.reversed_amount_cents == 900

    @pytest.mark.parametrize("call", [hold, resume, recovered, failed_by_hand, abandon, reverse, record])
    def test_no_such_attempt(self, workspace, call):
        for unknown in (new_id(), "x"):
            assert call(path(unknown)).status == 404


class TestHolding:
    def test_a_hold_lasts_until_it_is_resumed(self, tenant, workspace, clock):
        attempt = begun(tenant, workspace)
        hold(path(attempt))
        assert stored(attempt).state.held_reason == "requested"
        version = stored(attempt).version
        assert hold(path(attempt)).body["version"] == version
        clock.forward(days=10)
        resume(path(attempt))
        due = [step.due_at for step in stored(attempt).state.steps]
        assert due == [clock() + timedelta(days=day) for day in range(3)]

    def test_until_an_instant_that_is_to_come(self, tenant, workspace, clock):
        attempt = begun(tenant, workspace)
        past = hold(path(attempt), body={"until": rfc3339(clock())})
        assert (past.status, past.body["code"]) == (422, "until_is_past")
        until = clock() + timedelta(days=7)
        assert hold(path(attempt), body={"until": rfc3339(until)}).status == 200
        assert stored(attempt).state.held_until == until

    def test_what_ends_by_itself_is_not_lifted_by_hand(self, tenant, workspace):
        attempt = begun(tenant, workspace, HoldRecoveryAttempt(reason="account_disconnected"))
        reply = resume(path(attempt))
        assert (reply.status, reply.body["code"]) == (409, "hold_not_released")

    def test_not_after_the_end(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        abandon(path(attempt))
        assert [call(path(attempt)).body["code"] for call in (hold, resume)] == ["attempt_ended"] * 2


class TestEnding:
    def test_recovered_by_money_that_stripe_knows_nothing_of(self, tenant, workspace, clock):
        attempt = begun(tenant, workspace)
        at = rfc3339(clock() - timedelta(hours=1))
        recovered(path(attempt), body={"recovered_amount_cents": 9999, "recovered_at": at})
        state = stored(attempt).state
        assert (state.status, state.recovered_amount_cents, state.end_reason) == (
            "recovered",
            2900,
            "paid_out_of_band",
        )
        assert (state.attribution, rfc3339(state.ended_at)) == ("manual", at)
        assert stored_events("recovery_attempt.recovered")[-1].data["evidence"]["marked_by"]
        assert load(TENANT, RECOVERY_OUTCOME, attempt).state.outcome == "recovered"

    @pytest.mark.parametrize("wrong", [{}, {"recovered_amount_cents": 0}, {"recovered_amount_cents": -1}])
    def test_by_some_money(self, tenant, workspace, wrong):
        assert recovered(path(begun(tenant, workspace)), body=wrong).body["code"] == "invalid_request"

    def test_and_not_before_it_came(self, tenant, workspace, clock):
        soon = rfc3339(clock() + timedelta(seconds=1))
        body = {"recovered_amount_cents": 1, "recovered_at": soon}
        reply = recovered(path(begun(tenant, workspace)), body=body)
        assert (reply.status, reply.body["code"]) == (422, "recovered_in_future")

    def test_an_end_is_final(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        assert abandon(path(attempt), body={"reason": "voided"}).status == 200
        before = stored_items()
        assert abandon(path(attempt), body={"reason": "other"}).status == 200
        for call in (recovered, failed_by_hand):
            reply = call(path(attempt))
            assert (reply.status, reply.body["code"]) == (409, "invalid_transition")
        assert stored_items() == before
        assert stored(attempt).state.end_reason == "voided"

    def test_what_a_flow_asks_for_has_to_be_planned_still(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        reply = failed_by_hand(path(attempt), body={"reason": "window_ended"}, **FLOW)
        assert (reply.status, reply.body["code"]) == (409, "not_planned")
        reply = abandon(path(attempt), body={"reason": "account_disconnected"}, **FLOW)
        assert (reply.status, reply.body["code"]) == (409, "not_planned")
        assert stored(attempt).state.pending

    def test_when_it_is_it_fails(self, tenant, workspace, clock):
        attempt = begun(tenant, workspace)
        clock.forward(days=28)
        assert failed_by_hand(path(attempt), body={"reason": "window_ended"}, **FLOW).status == 200
        assert load(TENANT, RECOVERY_OUTCOME, attempt).state.reason_code == "window_ended"

    def test_an_attempt_is_not_abandoned_during_a_charge(self, tenant, workspace, clock):
        attempt = begun(tenant, workspace)
        claim = ClaimRetry(number=1, idempotency_key="k", fetched_at=clock(), early=True)
        ask(tenant, attempt, claim, at=clock())
        assert failed_by_hand(path(attempt)).body["code"] == "retry_claimed"

    def test_only_what_was_recovered_goes_back(self, tenant, workspace):
        reply = reverse(path(begun(tenant, workspace)))
        assert (reply.status, reply.body["code"]) == (409, "not_recovered")

    def test_s_78_totals_are_not_added_up(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        ask(
            tenant,
            attempt,
            MarkRecovered(recovered_amount_cents=2900, recovered_at=stored(attempt).state.started_at),
        )
        for total in (900, 900, 500, 1200):
            reverse(path(attempt), body={"reversed_amount_cents": total, "reason": "refund"})
        assert stored(attempt).state.reversed_amount_cents == 1200
        assert len(stored_events("recovery_attempt.reversed")) == 2


class TestPaymentAttempts:
    def test_manners(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        before, known = stored_items(), stored(attempt).version
        for how, status in (({"principal": None}, 401), ({"tenant_id": new_id()}, 404), ({"body": {}}, 422)):
            assert record(path(attempt), **how).status == status
        lacking = {"permissions": frozenset({"recovery_attempt:read"})}
        assert record(path(attempt), **lacking).body["code"] == "permission_required"
        assert stored_items() == before
        assert record(path(attempt)).body["version"] == known + 1
        assert record(path(attempt)).body["version"] == known + 1

    def test_s_14_a_customer_s_own_uses_up_no_retry(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        planned = stored(attempt).state.retry
        record(path(attempt))
        state = stored(attempt).state
        assert (state.retries_executed, state.retry, len(state.charges)) == (0, planned, 2)

    def test_one_of_stripe_s_plans_the_next_by_the_workspace_s_settings(self, tenant, clock):
        workspace = tenant.workspace(retry_limit=8, payday_rule="none", decline_overrides=("do_not_honor",))
        attempt = begun(tenant, workspace)
        record(path(attempt), body={**record.body, "initiator": "stripe"})
        assert stored(attempt).state.retry.at > clock()
        hard = {**record.body, "id": "ch_3", "initiator": "stripe", "at": rfc3339(clock())}
        record(path(attempt), body={**hard, "decline": {"decline_code": "do_not_honor"}})
        assert stored(attempt).state.decline_type == "hard"

    def test_one_that_worked(self, tenant, workspace):
        attempt = begun(tenant, workspace)
        record(path(attempt), body={**record.body, "status": "succeeded"})
        assert stored_events("recovery_attempt.payment_attempted")[-1].data["decline"] is None

    def test_after_the_end_it_is_a_fact(self, tenant, workspace):
        attempt = begun(tenant, workspace, first=failed(when=charge().at, decline=HARD, planning=PLANNING))
        abandon(path(attempt))
        assert record(path(attempt)).status == 200
        assert stored(attempt).state.retry is None

    def test_not_before_it_was_made(self, tenant, workspace, clock):
        soon = rfc3339(clock() + timedelta(seconds=1))
        reply = record(path(begun(tenant, workspace)), body={**record.body, "at": soon})
        assert (reply.status, reply.body["code"]) == (422, "charged_in_future")

    def test_of_a_workspace_that_is_not_there_nothing_is_planned(self, tenant, clock):
        attempt = begun(tenant, new_id())
        assert record(path(attempt)).status == 404
