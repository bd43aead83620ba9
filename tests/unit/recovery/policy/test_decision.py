"""Decisions: what is tried, what is not and why, and that a stored decision comes out the same again."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from pydantic import TypeAdapter

from recovery.policy.ceilings import CEILINGS, CardCharge, Intended
from recovery.policy.circumstances import Circumstances
from recovery.policy.decision import RetryDecision, RetryInputs, decide_retry, digest, replay
from recovery.policy.decline import Decline, Reason, classify
from recovery.policy.schedule import RetryPolicy
from troupe.store.aggregates import dump, parse

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
FAILED = datetime(2026, 10, 1, 10, tzinfo=UTC)
INTENDED = Intended(account="acct_1", amount_cents=2900, currency="eur", brand="visa")


def inputs(decline_code="do_not_honor", **more):
    given = {
        "attempt_id": "a",
        "number": 1,
        "retries": 0,
        "now": FAILED,
        "started_at": FAILED,
        "failed_at": FAILED,
        "window_ends_at": FAILED + 60 * DAY,
        "classification": classify(Decline(decline_code=decline_code)),
        "intended": INTENDED,
        "policy": RetryPolicy(spread_minutes=0),
    }
    return RetryInputs(**given | more)


def decided(decline_code="do_not_honor", **more):
    return decide_retry(inputs(decline_code, **more))


def charge(number, at, **more):
    given = {"account": "acct_1", "amount_cents": 2900, "currency": "eur", "approved": False} | more
    return CardCharge(charge_id=f"ch_{number}", at=at, **given)


class TestRetry:
    def test_what_is_soft_is_tried_again_and_the_reasons_are_kept(self):
        found = decided()
        assert (found.outcome, found.eligible_at, found.rule) == (
            "retry",
            FAILED + DAY,
            "stripe.do_not_honor",
        )
        assert found.edition == found.inputs.classification.edition
        assert Reason(considered="zone UTC", outcome="workspace") in found.reasons
        assert Reason(considered="stripe.do_not_honor", outcome="decides") in found.reasons
        assert Reason(considered="visa.reattempt_limit", outcome="allows it") in found.reasons
        assert found.reasons[-1] == Reason(considered="instant", outcome="2026-10-02T10:00:00Z")

    def test_the_customers_zone_is_recorded(self):
        found = decided(zone="Asia/Tokyo", zone_reason="customer")
        assert found.reasons[0] == Reason(considered="zone Asia/Tokyo", outcome="customer")
        assert found.eligible_at == FAILED + DAY + 15 * HOUR

    def test_s_08_a_ceiling_holds_back_and_says_so(self):
        """S-08: the decision; the retry limit is raised, so that the network's is met."""
        history = tuple(charge(number, FAILED + number * HOUR) for number in range(21))
        last = history[-1].at
        policy = RetryPolicy(spread_minutes=0, retry_limit=99, local_time=None, payday_rule="none")
        found = decided(retries=0, history=history, failed_at=last, now=last, policy=policy)
        assert found.eligible_at == datetime(2026, 10, 31, 11, tzinfo=UTC)
        assert (found.rule, found.edition) == ("visa.reattempt_limit", "2026-04-18")

    def test_a_ceiling_that_ends_before_the_ladder_does_not_decide(self):
        tight = (replace(CEILINGS[1], limit=1, brands=("visa",), window_hours=2),)
        found = decided(ceilings=tight, history=(charge(1, FAILED),))
        assert (found.rule, found.eligible_at) == ("stripe.do_not_honor", FAILED + DAY)
        outcome = "not before 2026-10-01T12:00:00+00:00"
        assert Reason(considered="mastercard.consecutive_declines", outcome=outcome) in found.reasons

    def test_a_ceiling_that_ends_before_the_payday_does_not_decide(self):
        tight = (replace(CEILINGS[1], limit=1, brands=("visa",), window_hours=72),)
        found = decided(
            "insufficient_funds", ceilings=tight, history=(charge(1, FAILED + DAY),), failed_at=FAILED + DAY
        )
        assert (found.rule, found.eligible_at) == ("stripe.insufficient_funds", FAILED + 14 * DAY)

    def test_a_hold_that_ends_later_than_the_ceiling_counts(self):
        tight = (replace(CEILINGS[1], limit=1, brands=("visa",), window_hours=48),)
        found = decided(ceilings=tight, history=(charge(1, FAILED),), not_before=FAILED + 5 * DAY)
        assert (found.rule, found.eligible_at) == ("stripe.do_not_honor", FAILED + 5 * DAY)


class TestNever:
    def test_s_06_any_never_in_the_cards_history_wins(self):
        """S-06: Visa 46 first, then Visa 51."""
        never = classify(Decline(brand="visa", network_decline_code="46"))
        history = (charge(1, FAILED - HOUR, never_rule=never.rule), charge(2, FAILED))
        found = decided("insufficient_funds", history=history)
        assert (found.outcome, found.eligible_at, found.rule) == ("none", None, "visa.46")

    def test_s_06_even_for_a_changed_card_that_is_the_same(self):
        history = (charge(1, FAILED - HOUR, never_rule="visa.43"),)
        found = decided(history=history, card_changed_at=FAILED + HOUR, now=FAILED + HOUR)
        assert (found.outcome, found.rule) == ("none", "visa.43")

    @pytest.mark.parametrize("code", ["stolen_card", "expired_card", "authentication_required"])
    def test_what_is_hard_is_not_tried(self, code):
        found = decided(code)
        assert (found.outcome, found.eligible_at, found.rule) == ("none", None, f"stripe.{code}")

    def test_a_person_has_to_look_after_one_retry(self):
        assert decided("invalid_amount").outcome == "retry"
        found = decided("invalid_amount", retries=1)
        assert (found.outcome, found.reasons[-1].outcome) == ("none", "a person has to look")

    def test_hard_for_now_is_looked_at_after_a_week(self):
        reason = "low_probability_of_authorization"
        classified = classify(Decline(outcome_type="blocked", outcome_reason=reason))
        found = decided(classification=classified)
        assert (found.outcome, found.eligible_at) == ("retry", FAILED + 7 * DAY)


class TestLimits:
    def test_s_11_eight_retries_and_it_gives_up(self):
        """S-11: although the network would allow more."""
        found = decided(retries=8)
        assert (found.outcome, found.eligible_at, found.rule) == ("give_up", None, "retry_limit")

    def test_the_window(self):
        found = decided(window_ends_at=FAILED + HOUR)
        assert (found.outcome, found.rule) == ("give_up", "window_ended")
        assert found.reasons[-1] == Reason(considered="limits", outcome="window_ended")


class TestChangedCard:
    def changed(self, after, **more):
        at = FAILED + after
        return decided("stolen_card", card_changed_at=at, now=at, **more)

    def test_s_22_it_is_tried_at_once(self):
        """S-22: soft or hard, and the pending schedule is replaced."""
        found = self.changed(HOUR)
        assert (found.outcome, found.eligible_at, found.rule) == ("retry", FAILED + HOUR, "card_changed")
        assert (
            Reason(considered="changed card", outcome="tried at once, as a retry that counts")
            in found.reasons
        )

    def test_s_22_a_second_change_within_the_minute_makes_no_second_charge(self):
        tried = FAILED + HOUR
        found = self.changed(HOUR + 59 * timedelta(seconds=1), retried_at_once_at=tried)
        assert (found.outcome, found.rule) == ("retry", "default.unknown")
        assert found.eligible_at == FAILED + DAY
        again = self.changed(HOUR + MINUTE, retried_at_once_at=tried)
        assert (again.rule, again.eligible_at) == ("card_changed", tried + MINUTE)

    def test_s_22_a_change_that_was_declined_since_is_over(self):
        found = decided(card_changed_at=FAILED - MINUTE)
        assert found.rule == "stripe.do_not_honor"

    def test_s_22_the_ceiling_of_the_new_card_holds(self):
        tight = (replace(CEILINGS[0], counts="declines", limit=1),)
        found = self.changed(HOUR, ceilings=tight, history=(charge(1, FAILED),))
        assert (found.rule, found.eligible_at) == ("visa.reattempt_limit", FAILED + 30 * DAY)


class TestCircumstances:
    @pytest.mark.parametrize(
        "facts, rule",
        [
            ({"card_country": "IN"}, "india_mandate"),
            ({"collection_method": "send_invoice"}, "send_invoice"),
            ({"has_payment_method": False}, "no_payment_method"),
            ({"auto_advance": False}, "auto_advance_off"),
            ({"subscription_status": "unpaid"}, "subscription_ended"),
            ({"subscription_status": "canceled"}, "subscription_ended"),
            ({"payment_method_type": "sepa_debit"}, "local_payment_method"),
            ({"payment_method_type": "us_bank_account"}, "bank_debit"),
        ],
    )
    def test_s_24_no_retry_and_the_reason_is_recorded(self, facts, rule):
        """S-24: neither promised nor scheduled, not even for a changed card."""
        for more in ({}, {"card_changed_at": FAILED + HOUR, "now": FAILED + HOUR}):
            found = decided(circumstances=Circumstances(**facts), **more)
            assert (found.outcome, found.eligible_at, found.rule) == ("none", None, rule)
            assert Reason(considered=rule, outcome="no retry") in found.reasons

    def test_s_24_every_reason_is_recorded(self):
        facts = Circumstances(auto_advance=False, card_country="in", subscription_status="past_due")
        found = decided(circumstances=facts)
        named = [each.considered for each in found.reasons if each.outcome == "no retry"]
        assert named == ["auto_advance_off", "india_mandate"]

    @pytest.mark.parametrize("kind", ["card", "link", None])
    def test_what_is_like_a_card(self, kind):
        assert decided(circumstances=Circumstances(payment_method_type=kind)).outcome == "retry"

    def test_a_bank_debit_without_money_is_presented_twice_more_in_fourteen_days(self):
        debit = Circumstances(payment_method_type="us_bank_account")
        assert decided("insufficient_funds", circumstances=debit, retries=1).outcome == "retry"
        assert decided("insufficient_funds", circumstances=debit, retries=2).rule == "bank_debit"
        found = decided("insufficient_funds", circumstances=debit, started_at=FAILED - 14 * DAY)
        assert (found.outcome, found.rule) == ("give_up", "window_ended")


CODES = [
    "insufficient_funds",
    "do_not_honor",
    "issuer_not_available",
    "stolen_card",
    "expired_card",
    "foo_bar",
    "invalid_amount",
]
INSTANTS = st.integers(0, 40 * 24 * 3600).map(lambda seconds: FAILED + timedelta(seconds=seconds))
CHARGES = st.builds(
    charge,
    st.integers(0, 99),
    INSTANTS,
    approved=st.booleans(),
    reached_network=st.booleans(),
    never_rule=st.sampled_from([None, None, None, "visa.46"]),
)
INPUTS = st.builds(
    inputs,
    st.sampled_from(CODES),
    retries=st.integers(0, 9),
    now=INSTANTS,
    failed_at=INSTANTS,
    window_ends_at=INSTANTS,
    history=st.lists(CHARGES, max_size=30).map(tuple),
    ceilings=st.sampled_from([CEILINGS, tuple(replace(each, limit=2) for each in CEILINGS)]),
    intended=st.builds(replace, st.just(INTENDED), brand=st.sampled_from(["visa", "mastercard", None])),
    zone=st.sampled_from(["UTC", "America/New_York", "Pacific/Kiritimati"]),
    policy=st.builds(
        RetryPolicy,
        payday_rule=st.sampled_from(["1st_15th", "business_day", "none"]),
        holidays=st.just((FAILED.date(),)),
        local_time=st.none() | st.times(),
    ),
    circumstances=st.builds(Circumstances, auto_advance=st.just(True) | st.booleans()),
    card_changed_at=st.none() | INSTANTS,
    retried_at_once_at=st.none() | INSTANTS,
    not_before=st.none() | INSTANTS,
)


class TestInvariants:
    @examples(INPUTS)
    def test_a_stored_decision_is_made_again_from_itself(self, given):
        made = decide_retry(given)
        stored = parse(RetryDecision, dump(RetryDecision, made))
        assert stored == made
        assert replay(stored) == stored
        assert stored.inputs_digest == digest(given)

    @examples(INPUTS)
    def test_the_ceiling_the_clock_and_never_bind_it(self, given):
        found = decide_retry(given)
        assert (found.eligible_at is not None) == (found.outcome == "retry")
        assert found.reasons
        if found.eligible_at is None:
            return
        assert found.eligible_at >= given.now
        assert found.eligible_at <= given.window_ends_at
        assert found.eligible_at >= (given.not_before or given.now)
        assert not any(each.never_rule for each in given.history)
        denials = [each.outcome for each in found.reasons if each.outcome.startswith("not before ")]
        bounds = [datetime.fromisoformat(each.removeprefix("not before ")) for each in denials]
        assert all(found.eligible_at >= bound for bound in bounds)

    @examples(INPUTS, st.data())
    def test_other_inputs_have_another_digest(self, given, data):
        changes = {"attempt_id": "b", "number": 2, "zone": "Asia/Tokyo", "not_before": FAILED - DAY}
        name = data.draw(st.sampled_from(sorted(changes)))
        assert digest(replace(given, **{name: changes[name]})) != digest(given)

    def test_the_digest_does_not_depend_on_how_an_instant_is_written(self):
        elsewhere = TypeAdapter(datetime).validate_python("2026-10-01T12:00:00+02:00")
        assert digest(inputs(now=elsewhere)) == digest(inputs(now=FAILED))

    def test_everything_that_is_asked_is_an_input(self):
        assert {each.name for each in fields(RetryInputs)} >= {
            "classification",
            "history",
            "ceilings",
            "policy",
        }
