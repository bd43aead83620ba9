"""What is written with an attempt: its guard, where it is found, its outcome, and the risk."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from moto.dynamodb.responses import DynamoHandler

from recovery.attempt.commands import AbandonRecoveryAttempt, ClaimRetry, MarkFailed, MarkRecovered
from recovery.attempt.outcome import RECOVERY_OUTCOME
from recovery.case import transactions
from recovery.risk import transactions as risk_transactions
from recovery.risk.decider import AtRisk, FlagSubscriptionAtRisk, LinkRecoveryAttempt
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.recovery.attempt_histories import ACCOUNT, CUSTOMER, INVOICE, SUBSCRIPTION
from support.recovery.open_attempts import BEGAN, ask, open_case, stored
from support.recovery.tenant import NOON
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.store import reads
from troupe.store.transact import Contended, Decision, load, transact

PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=NOON)
DUE = NOON + timedelta(days=1)


@pytest.fixture
def workspace(tenant):
    return tenant.workspace()


@pytest.fixture
def one_by_one(monkeypatch):
    """moto works on plain dictionaries, so its calls are let in one at a time, as DynamoDB does for each item."""
    lock, call = threading.Lock(), DynamoHandler.call_action

    def alone(self):
        with lock:
            return call(self)

    monkeypatch.setattr(DynamoHandler, "call_action", alone)


def guarded():
    return reads.one(transactions.guard(TENANT, ACCOUNT, INVOICE))


def risk(workspace, reason="payment_failed"):
    return load(
        TENANT,
        risk_transactions.SUBSCRIPTION_AT_RISK,
        risk_transactions.ref(workspace, SUBSCRIPTION, reason).id,
    ).state


def claim(number=1, fingerprint="fp_1"):
    return ClaimRetry(number=number, idempotency_key=f"k{number}", fetched_at=DUE, fingerprint=fingerprint)


class TestOneActive:
    def test_it_holds_the_guard_until_it_ends(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        assert guarded()["recovery_attempt_id"] == attempt
        with pytest.raises(Rejected) as rejected:
            open_case(tenant, workspace)
        assert rejected.value.code == "recovery_attempt_active"
        ask(tenant, attempt, PAID)
        assert guarded() is None
        again = open_case(tenant, workspace)
        assert reads.one(transactions.latest(TENANT, ACCOUNT, INVOICE))["recovery_attempt_id"] == again

    def test_s_26_of_many_at_once_one_is_opened(self, tenant, workspace, one_by_one):
        def begin(_):
            try:
                return open_case(tenant, workspace)
            except Rejected as refused:
                return refused.code
            except Contended:
                return "contended"

        with ThreadPoolExecutor(6) as pool:
            told = list(pool.map(begin, range(6)))
        opened = [each for each in told if each not in {"recovery_attempt_active", "contended"}]
        assert len(opened) == 1
        assert guarded()["recovery_attempt_id"] == opened[0]
        assert len(stored_events("recovery_attempt.started")) == 1

    def test_it_is_found_by_its_customer_while_it_is_active(self, tenant, workspace):
        first, second = (open_case(tenant, workspace, invoice=each) for each in ("in_1", "in_2"))
        assert transactions.of_customer(TENANT, ACCOUNT, CUSTOMER) == sorted((first, second))
        ask(tenant, first, AbandonRecoveryAttempt())
        assert transactions.of_customer(TENANT, ACCOUNT, CUSTOMER) == [second]

    def test_what_begins_and_ends_at_once_leaves_no_guard(self, tenant, workspace):
        attempt = open_case(tenant, workspace, PAID)
        assert (guarded(), stored(attempt).state.status) == (None, "recovered")
        assert transactions.of_customer(TENANT, ACCOUNT, CUSTOMER) == []
        assert load(TENANT, RECOVERY_OUTCOME, attempt).state.outcome == "recovered"
        assert risk(workspace).resolution == "recovered"

    def test_but_not_beside_one_that_is_active(self, tenant, workspace):
        open_case(tenant, workspace)
        with pytest.raises(Rejected):
            open_case(tenant, workspace, PAID)


class TestRaces:
    def test_of_two_workers_one_claims(self, tenant, workspace, one_by_one):
        attempt = open_case(tenant, workspace)

        def work(_):
            try:
                ask(tenant, attempt, claim(), at=DUE)
            except Rejected as refused:
                return refused.code
            return "claimed"

        with ThreadPoolExecutor(2) as pool:
            told = sorted(pool.map(work, range(2)))
        assert told == ["claimed", "retry_claimed"]
        assert len(stored_events("recovery_attempt.retry_claimed")) == 1

    def test_s_44_a_payment_between_read_and_write_wins(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        with before_next_write(lambda: ask(tenant, attempt, PAID)), pytest.raises(Rejected) as rejected:
            ask(tenant, attempt, claim(), at=DUE)
        assert rejected.value.code == "attempt_ended"

    def test_two_ends_are_one(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        with before_next_write(lambda: ask(tenant, attempt, PAID)), pytest.raises(Rejected) as rejected:
            ask(tenant, attempt, MarkFailed())
        assert rejected.value.code == "invalid_transition"
        assert len(stored_events("recovery_outcome.recorded")) == 1


class TestOutcome:
    @pytest.mark.parametrize(
        "end, outcome, reason",
        [
            (PAID, "recovered", "paid"),
            (MarkFailed(), "failed", "requested"),
            (AbandonRecoveryAttempt(reason="voided"), "abandoned", "voided"),
        ],
    )
    def test_it_is_recorded_with_the_end(self, tenant, workspace, end, outcome, reason):
        attempt = open_case(tenant, workspace)
        ask(tenant, attempt, end)
        found = load(TENANT, RECOVERY_OUTCOME, attempt).state
        assert (found.outcome, found.reason_code, found.recovery_attempt_id) == (outcome, reason, attempt)
        before = stored_items()
        ask(tenant, attempt, end)
        assert stored_items() == before

    def test_without_a_subscription_an_end_takes_two_round_trips(self, tenant, workspace):
        attempt = open_case(tenant, workspace, stripe_subscription_id=None)
        with round_trips() as made:
            ask(tenant, attempt, PAID)
        assert made == ["BatchGetItem", "TransactWriteItems"]


class TestRisk:
    def test_a_case_is_a_risk_until_it_ends(self, tenant, workspace):
        attempt = open_case(tenant, workspace)
        found = risk(workspace)
        assert (found.active_recovery_attempt_id, found.risk_detected_at) == (attempt, BEGAN)
        ask(tenant, attempt, MarkFailed())
        assert (risk(workspace).open, risk(workspace).resolution) == (False, "failed")

    def test_s_56_it_takes_the_card_s_expiry_in_hand(self, tenant, workspace):
        expiring = risk_transactions.ref(workspace, SUBSCRIPTION, "card_expiring")
        flag = FlagSubscriptionAtRisk(
            workspace_id=workspace,
            stripe_customer_id=CUSTOMER,
            stripe_subscription_id=SUBSCRIPTION,
            reason="card_expiring",
            expiration_date=NOON.date(),
        )
        transact(
            tenant.scope(),
            (expiring,),
            lambda at: Decision(changes=(risk_transactions.decided(at, expiring, (flag,)),)),
        )
        attempt = open_case(tenant, workspace)
        assert risk(workspace, "card_expiring").active_recovery_attempt_id == attempt
        assert len(stored_events("subscription_at_risk.flagged")) == 2
        ask(tenant, attempt, PAID)
        assert risk(workspace, "card_expiring").resolution == "recovered"

    def test_it_lasts_as_long_as_the_last_of_its_cases(self, tenant, workspace):
        first, second = (open_case(tenant, workspace, invoice=each) for each in ("in_1", "in_2"))
        ask(tenant, first, PAID)
        assert risk(workspace).active_recovery_attempt_id == second
        ask(tenant, second, PAID)
        assert not risk(workspace).open

    def test_what_the_caller_has_read_is_not_read_again(self, tenant, workspace):
        attempt, reasons = open_case(tenant, workspace), ("card_expiring", "payment_failed")
        refs = [risk_transactions.ref(workspace, SUBSCRIPTION, reason) for reason in reasons]
        seed = LinkRecoveryAttempt(recovery_attempt_id=attempt)
        assert isinstance(risk(workspace), AtRisk)
        wanted = (transactions.ref(attempt), refs[1])
        with round_trips() as made:
            transact(
                tenant.scope(),
                wanted,
                lambda at: transactions.written(at, transactions.decided(at, wanted[0], (PAID,))),
            )
        assert len(made) == 3  # the other risk was never flagged: nothing tells that it is not there
        assert seed.recovery_attempt_id == attempt
