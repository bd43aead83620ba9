"""Classification: "never" wins, the unknown is soft and flagged, and what may not be told is not told."""

from dataclasses import fields, replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from recovery.policy.decline import Decline, Reason, classify, customer_text
from recovery.policy.network_rules import NETWORK_RULES
from recovery.policy.overrides import OverrideRefused, checked_overrides

KNOWN = sorted({code for table in NETWORK_RULES.tables.values() for code in table})
ANY = st.none() | st.text(max_size=12) | st.sampled_from(KNOWN)
BRANDS = st.none() | st.sampled_from(["visa", "mastercard", "amex", "unknown", "VISA", "maestro", ""])
DECLINES = st.builds(
    Decline,
    **{each.name: ANY for each in fields(Decline) if each.name not in {"brand", "region", "outcome_type"}},
    brand=BRANDS | st.text(max_size=5),
    region=st.none() | st.sampled_from(["DE", "US", "AE", "de"]) | st.text(max_size=3),
    outcome_type=st.none() | st.sampled_from(["issuer_declined", "blocked", "invalid", "manual_review"]),
)
NEVERS = [
    {"advice_code": "do_not_try_again"},
    {"brand": "mastercard", "network_advice_code": "03"},
    {"brand": "mastercard", "network_advice_code": "21"},
    *({"brand": "visa", "network_decline_code": code} for code in ("04", "14", "43", "46", "57", "R1")),
    *({"decline_code": code} for code in ("stolen_card", "lost_card", "pickup_card", "fraudulent")),
]


def declined(decline_code=None, **more):
    return classify(Decline(decline_code=decline_code, **more))


class TestScenarios:
    def test_s_01_an_unknown_code_is_soft_and_flagged(self):
        """S-01: never an exception, and the default ladder."""
        found = declined("foo_bar")
        assert (found.decline_type, found.unmapped, found.schedule) == ("soft", True, "later")
        assert (found.rule, found.first_retry_minutes) == ("default.unknown", 24 * 60)
        assert Reason(considered="stripe.foo_bar", outcome="unmapped") in found.reasons

    @pytest.mark.parametrize(
        "code, action",
        [
            ("expired_card", "update_card"),
            ("incorrect_cvc", "update_card"),
            ("incorrect_number", "update_card"),
        ],
    )
    def test_s_02_the_reason_is_in_the_error_code(self, code, action):
        """S-02: `decline_code` is null for these."""
        found = classify(Decline(code=code))
        assert (found.decline_type, found.action, found.retryable) == ("hard", action, False)
        assert not found.unmapped

    def test_s_02_a_technical_error_is_in_the_error_code_too(self):
        found = classify(Decline(code="processing_error"))
        assert (found.decline_type, found.action, found.first_retry_minutes) == ("soft", "retry_soon", 10)

    def test_s_03_a_blocked_charge_is_hard_and_reached_no_network(self):
        """S-03: `generic_decline` hides it."""
        found = classify(
            Decline(
                code="card_declined",
                decline_code="generic_decline",
                outcome_type="blocked",
                outcome_reason="previously_declined_do_not_retry",
            )
        )
        assert (found.decline_type, found.retryable, found.reached_network) == ("hard", False, False)
        assert found.rule == "outcome.previously_declined_do_not_retry"
        assert not found.unmapped

    def test_s_04_a_networks_never_beats_a_friendlier_code(self):
        """S-04: stolen, and the customer is told nothing of it."""
        found = declined("generic_decline", brand="visa", network_decline_code="43")
        assert (found.never, found.action, found.disclose) == (True, "never_same_card", False)
        assert customer_text(found.text) == "Your bank declined the payment."

    def test_s_05_visas_codes_give_their_ladder(self):
        """S-05: 51 waits a day, 91 ten minutes."""
        assert classify(Decline(brand="visa", network_decline_code="51")).first_retry_minutes == 24 * 60
        later = classify(Decline(brand="visa", network_decline_code="91"))
        assert (later.schedule, later.first_retry_minutes) == ("technical", 10)

    @pytest.mark.parametrize(
        "code, country, hard",
        [
            ("N7", "US", True),
            ("1A", "DE", True),
            ("1A", "AE", True),
            ("1A", "us", False),
            ("70", "US", False),
            ("70", "FR", True),
            ("1A", None, True),  # not known: the stricter
        ],
    )
    def test_s_07_category_3_depends_on_the_region(self, code, country, hard):
        """S-07: 1A needs the customer in Europe, and is category 4 in the US."""
        found = classify(Decline(brand="visa", network_decline_code=code, region=country))
        assert (found.decline_type == "hard") == hard
        assert found.retryable != hard


class TestPrecedence:
    @pytest.mark.parametrize("never", NEVERS, ids=str)
    @examples(decline=DECLINES)
    def test_never_overrules_every_other_rule(self, never, decline):
        if decline.outcome_type == "blocked" and "advice_code" in never:
            decline = replace(decline, outcome_type=None)  # then the advice may say no more than the block
        found = classify(replace(decline, **never), overrides=KNOWN)
        assert (found.never, found.decline_type, found.retryable) == (True, "hard", False)

    def test_of_two_nevers_the_one_that_may_not_be_told_keeps_the_text_back(self):
        found = declined("revocation_of_authorization", brand="visa", network_decline_code="43")
        assert (found.rule, found.cancel_intent) == ("stripe.revocation_of_authorization", True)
        assert (found.disclose, found.text) == (False, "declined")

    def test_what_needs_the_customer_goes_before_what_may_be_tried_later(self):
        found = declined("insufficient_funds", advice_code="confirm_card_data")
        assert (found.decline_type, found.action) == ("hard", "update_card")
        assert classify(Decline(code="expired_card", advice_code="try_again_later")).decline_type == "hard"

    def test_what_stripe_blocked_goes_before_what_needs_the_customer(self):
        found = declined("expired_card", outcome_type="blocked", outcome_reason="highest_risk_level")
        assert (found.action, found.stripe_blocks_retry) == ("manual_review", True)

    def test_the_network_says_more_than_a_generic_code(self):
        found = declined("generic_decline", brand="visa", network_decline_code="91")
        assert (found.rule, found.schedule) == ("visa.91", "technical")
        found = declined("insufficient_funds", brand="visa", network_decline_code="05")
        assert found.rule == "stripe.insufficient_funds"

    def test_advice_to_try_later_leaves_a_technical_ladder_as_it_is(self):
        found = declined("processing_error", advice_code="try_again_later")
        assert (found.schedule, found.minimum_wait_minutes) == ("technical", 0)

    @pytest.mark.parametrize("reason", ["a_new_reason", None])
    def test_a_block_for_an_unknown_reason_is_hard_and_flagged(self, reason):
        found = declined("generic_decline", outcome_type="blocked", outcome_reason=reason)
        assert (found.decline_type, found.action, found.unmapped) == ("hard", "manual_review", True)

    def test_a_low_probability_is_looked_at_anew_after_a_week(self):
        found = declined(
            "generic_decline",
            advice_code="do_not_try_again",
            outcome_type="blocked",
            outcome_reason="low_probability_of_authorization",
        )
        assert (found.decline_type, found.never, found.first_retry_minutes) == ("hard", False, 7 * 24 * 60)
        assert declined("generic_decline", advice_code="do_not_try_again").never

    def test_an_outcomes_reason_counts_without_a_block(self):
        found = classify(Decline(outcome_type="manual_review", outcome_reason="elevated_risk_level"))
        assert (found.decline_type, found.action, found.disclose) == ("soft", "manual_review", False)
        issuer = classify(Decline(outcome_type="issuer_declined", outcome_reason="insufficient_funds"))
        assert issuer.schedule == "payday"


class TestNetworks:
    @pytest.mark.parametrize("brand", ["mastercard", "amex", None, "unknown"])
    def test_common_codes_of_other_networks(self, brand):
        assert classify(Decline(brand=brand, network_decline_code="43")).never
        assert classify(Decline(brand="mastercard", network_decline_code="05")).decline_type == "soft"

    def test_a_network_has_codes_of_its_own(self):
        assert classify(Decline(brand="mastercard", network_decline_code="83")).disclose is False
        assert classify(Decline(brand="amex", network_decline_code="83")).rule == "default.unknown"
        assert classify(Decline(brand="visa", network_decline_code="XX")).rule == "visa.other"
        assert classify(Decline(brand="amex", network_decline_code="46")).rule == "default.unknown"
        assert classify(Decline(brand=None, network_decline_code="46")).never  # it may be Visa's

    def test_advice_is_mastercards(self):
        assert classify(Decline(brand="visa", network_advice_code="03")).never is False
        assert classify(Decline(brand=None, network_advice_code="03")).never

    @examples(decline=DECLINES, advice=st.sampled_from(["02", "24", "25", "26", "27", "28", "29", "30"]))
    def test_advice_to_wait_only_lengthens(self, decline, advice):
        decline = replace(decline, brand="mastercard", network_advice_code=None)
        without, found = classify(decline), classify(replace(decline, network_advice_code=advice))
        assert found.minimum_wait_minutes >= without.minimum_wait_minutes
        assert found.minimum_wait_minutes >= NETWORK_RULES.tables["mac"][advice].minimum_wait_minutes
        assert found.decline_type == without.decline_type
        assert found.first_retry_minutes == without.first_retry_minutes

    @pytest.mark.parametrize(
        "status, outcome, reached",
        [
            (None, None, True),
            (None, "issuer_declined", True),
            (None, "blocked", False),
            (None, "invalid", False),
            ("not_sent_to_network", "issuer_declined", False),
            ("reversed_after_approval", "blocked", True),
            ("declined_by_network", None, True),
        ],
    )
    def test_whether_the_network_saw_it(self, status, outcome, reached):
        decline = Decline(network_status=status, outcome_type=outcome)
        assert classify(decline).reached_network is reached


class TestInvariants:
    @examples(decline=DECLINES, overrides=st.sets(st.sampled_from(KNOWN) | st.text(max_size=5)))
    def test_every_decline_has_an_answer(self, decline, overrides):
        found = classify(decline, overrides)
        assert found == classify(decline, overrides)
        assert found.edition == NETWORK_RULES.edition
        assert [each.outcome for each in found.reasons].count("decides") in {1, 2}
        assert found.decline_type == "hard" or found.retryable
        assert not (found.never and found.retryable)
        assert found.disclose or found.text == "declined"
        assert customer_text(found.text)

    @examples(
        decline=DECLINES, secret=st.sampled_from(["lost_card", "stolen_card", "fraudulent", "pickup_card"])
    )
    def test_nothing_else_makes_a_secret_told(self, decline, secret):
        """S-49: the part that is the classification's."""
        assert classify(replace(decline, decline_code=secret)).text == "declined"

    @examples(code=st.text(max_size=20))
    def test_case_and_blanks_do_not_matter(self, code):
        assert classify(Decline(decline_code=" Stolen_CARD ")).never
        assert classify(Decline(decline_code=code)).decline_type in {"soft", "hard"}

    def test_what_may_be_told(self):
        assert customer_text(declined("expired_card", code="card_declined").text) == "Your card has expired."
        assert declined("stop_payment_order").cancel_intent
        assert classify(Decline()).unmapped


class TestOverrides:
    def test_a_tenant_makes_soft_hard(self):
        found = classify(Decline(decline_code="do_not_honor"), ("do_not_honor",))
        assert (found.decline_type, found.action, found.retryable) == ("hard", "update_card", False)
        assert found.rule == "override.do_not_honor"
        assert found.reasons[0] == Reason(considered="stripe.do_not_honor", outcome="decides")

    def test_it_means_that_code_alone(self):
        assert declined("insufficient_funds") == classify(
            Decline(decline_code="insufficient_funds"), ("card_declined",)
        )

    @examples(decline=DECLINES, overrides=st.sets(st.sampled_from(KNOWN)))
    def test_it_never_makes_anything_softer(self, decline, overrides):
        without, found = classify(decline), classify(decline, overrides)
        assert found == without or (without.decline_type, found.decline_type) == ("soft", "hard")

    def test_what_is_accepted(self):
        wanted = ["insufficient_funds", "brand_new", "insufficient_funds"]
        assert checked_overrides(wanted) == ("brand_new", "insufficient_funds")

    @pytest.mark.parametrize(
        "code, why",
        [
            ("stolen_card", "already"),
            ("expired_card", "already"),
            ("Do_Not_Honor", "lower case"),
            (" do_not_honor", "lower case"),
            ("", "lower case"),
        ],
    )
    def test_what_is_refused(self, code, why):
        with pytest.raises(OverrideRefused, match=why):
            checked_overrides(["do_not_honor", code])
