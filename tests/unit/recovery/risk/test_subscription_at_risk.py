"""A subscription at risk: flagged once for each reason, taken in hand by attempts, resolved with the last."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.risk.decider import (
    SUBSCRIPTION_AT_RISK,
    FlagSubscriptionAtRisk,
    LinkRecoveryAttempt,
    ResolveSubscriptionAtRisk,
    SubscriptionFlagged,
    SubscriptionLinked,
    SubscriptionResolved,
    SubscriptionUnlinked,
    collection,
    id_of,
    resolved,
)
from support.recovery.attempt_histories import WORKSPACE
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Invalid

FLAG = FlagSubscriptionAtRisk(
    workspace_id=WORKSPACE,
    stripe_customer_id="cus_1",
    stripe_subscription_id="sub_1",
    reason="card_expiring",
    expiration_date=date(2026, 4, 30),
)
FLAGGED = SubscriptionFlagged(
    workspace_id=WORKSPACE,
    stripe_customer_id="cus_1",
    stripe_subscription_id="sub_1",
    reason="card_expiring",
    risk_detected_at=NOON.now,
    expiration_date=date(2026, 4, 30),
)
LINKED = SubscriptionLinked(recovery_attempt_id="a1", linked_at=NOON.now)
SECOND = replace(LINKED, recovery_attempt_id="a2")
RESOLVED = SubscriptionResolved(reason="auto_updated", resolved_at=NOON.now)
risk = Given(SUBSCRIPTION_AT_RISK)
ended = ResolveSubscriptionAtRisk(reason="recovered", recovery_attempt_id="a1")


class TestFlagging:
    def test_once(self):
        risk().when(FLAG).then(FLAGGED)
        risk(FLAGGED).when(FLAG).then_nothing()

    def test_again_after_it_was_resolved(self):
        risk(FLAGGED, RESOLVED).when(FLAG).then(FLAGGED)

    def test_with_the_attempt_that_has_it_in_hand(self):
        failed = replace(FLAG, reason="payment_failed", expiration_date=None, recovery_attempt_id="a1")
        told = replace(
            FLAGGED, reason="payment_failed", expiration_date=None, active_recovery_attempt_id="a1"
        )
        risk().when(failed).then(told)
        risk(told).when(failed).then_nothing()
        risk(told).when(replace(failed, recovery_attempt_id="a2")).then(SECOND)

    @pytest.mark.parametrize("wrong", [{"expiration_date": None}, {"reason": "payment_failed"}])
    def test_only_a_card_that_expires_has_a_date(self, wrong):
        with pytest.raises(Invalid, match="has a date"):
            risk().when(replace(FLAG, **wrong)).act()

    def test_of_one_reason_there_is_one(self):
        assert id_of(WORKSPACE, "sub_1", "card_expiring") == id_of(WORKSPACE, "sub_1", "card_expiring")
        assert id_of(WORKSPACE, "sub_1", "card_expiring") != id_of(WORKSPACE, "sub_1", "payment_failed")


class TestLinking:
    def test_s_56_the_attempt_takes_it_in_hand(self):
        risk(FLAGGED).when(LinkRecoveryAttempt(recovery_attempt_id="a1")).then(LINKED)
        risk(FLAGGED, LINKED).when(LinkRecoveryAttempt(recovery_attempt_id="a1")).then_nothing()
        assert risk(FLAGGED, LINKED).state.active_recovery_attempt_id == "a1"

    def test_nothing_where_nothing_is_at_risk(self):
        risk().when(LinkRecoveryAttempt(recovery_attempt_id="a1")).then_nothing()
        risk(FLAGGED, RESOLVED).when(LinkRecoveryAttempt(recovery_attempt_id="a1")).then_nothing()

    def test_the_oldest_of_two_is_the_active_one(self):
        state = risk(FLAGGED, LINKED, SECOND).state
        assert (state.active_recovery_attempt_id, len(state.recovery_attempt_ids)) == ("a1", 2)


class TestResolving:
    def test_once(self):
        risk(FLAGGED).when(ResolveSubscriptionAtRisk(reason="auto_updated")).then(RESOLVED)
        risk(FLAGGED, RESOLVED).when(ResolveSubscriptionAtRisk()).then_nothing()
        at = NOON.now - timedelta(days=1)
        risk(FLAGGED).when(ResolveSubscriptionAtRisk(resolved_at=at)).then(
            SubscriptionResolved(reason="requested", resolved_at=at)
        )

    def test_what_was_never_flagged(self):
        risk().when(ResolveSubscriptionAtRisk()).then_rejected("not_at_risk")
        risk().when(ended).then_nothing()

    def test_with_the_last_attempt_that_has_it_in_hand(self):
        given = risk(FLAGGED, LINKED, SECOND)
        unlinked = SubscriptionUnlinked(recovery_attempt_id="a1", unlinked_at=NOON.now)
        given.when(ended).then(unlinked)
        after = risk(FLAGGED, LINKED, SECOND, unlinked)
        assert after.state.active_recovery_attempt_id == "a2"
        after.when(ended).then_nothing()
        after.when(replace(ended, recovery_attempt_id="a2")).then(
            SubscriptionResolved(reason="recovered", resolved_at=NOON.now)
        )


def test_it_is_listed_while_open_and_then_among_the_others():
    listed = SUBSCRIPTION_AT_RISK.listed(risk(FLAGGED).state, "x")
    assert listed.collection[0] == collection(WORKSPACE)
    assert listed.summary["expiration_date"] == "2026-04-30"
    assert SUBSCRIPTION_AT_RISK.listed(risk(FLAGGED, RESOLVED).state, "x").collection[0] == resolved(
        WORKSPACE
    )


def test_it_folds_as_it_is_stored():
    unlinked = SubscriptionUnlinked(recovery_attempt_id="a1", unlinked_at=NOON.now)
    assert_folds_as_stored(SUBSCRIPTION_AT_RISK, (FLAGGED, LINKED, SECOND, unlinked, RESOLVED, FLAGGED))
