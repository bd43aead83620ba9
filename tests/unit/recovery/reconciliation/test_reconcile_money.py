"""What is asked of an attempt when money comes, goes back, or is owed no more, and when it ends."""

from dataclasses import replace

import pytest

from recovery.attempt.commands import MarkFailed
from recovery.reconciliation.decide import reconcile
from support.recovery.invoice_cases import Case


class TestMoney:
    def test_s_36_a_credit_note_lowers_what_remains(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.credited(case.invoice, 500)
        case.look()
        assert case.names == ["AmountChanged"]
        assert (case.state.amount_remaining_cents, case.state.credited_cents) == (1_500, 500)
        assert case.state.pending

    def test_s_36_credited_to_nothing(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.credited(case.invoice)
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "credited")
        assert case.state.ended_at == case.stripe.now

    def test_s_84_parts(self):
        case = Case()
        case.look()
        other = case.stripe.card(case.stripe.customer_of(case.invoice), default=False)
        for part, remaining in ((700, 1_300), (700, 600)):
            case.stripe.forward(hours=1)
            case.stripe.paid_by_customer(case.invoice, other, part)
            case.look()
            assert (case.state.amount_remaining_cents, case.state.paid_cents) == (
                remaining,
                2_000 - remaining,
            )
            assert case.state.pending
        case.stripe.forward(hours=1)
        case.stripe.paid_by_customer(case.invoice, other, 600)
        case.look()
        assert (case.state.status, case.state.recovered_amount_cents) == ("recovered", 2_000)

    def test_s_36_paid_from_a_second_payment_intent(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        other = case.stripe.card(case.stripe.customer_of(case.invoice), default=False)
        case.stripe.paid_by_customer(case.invoice, other, 2_000)
        case.look()
        assert (case.state.status, case.state.recovered_amount_cents) == ("recovered", 2_000)

    def test_s_36_paid_by_another_way(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.paid_out_of_band(case.invoice)
        case.look()
        attempt = case.state
        assert (attempt.status, attempt.end_reason, attempt.attribution) == (
            "recovered",
            "paid_out_of_band",
            "manual",
        )
        assert attempt.recovered_amount_cents == 2_000

    def test_a_refund_is_a_running_total(self):
        case = Case()
        case.look()
        case.stripe.forward(days=1)
        case.stripe.behave(case.stripe.card_of(case.invoice))
        case.stripe.retried_by_stripe(case.invoice)
        for amount, total in ((500, 500), (300, 800)):
            case.stripe.forward(hours=1)
            case.stripe.refunded(case.invoice, amount)
            case.look()
            assert case.state.reversed_amount_cents == total
            assert case.look().commands == ()
        assert case.state.status == "recovered"

    def test_a_dispute_takes_it_back_and_the_total_never_falls(self):
        case = Case()
        case.look()
        case.stripe.behave(case.stripe.card_of(case.invoice))
        case.stripe.retried_by_stripe(case.invoice)
        case.look()
        case.stripe.forward(days=3)
        dispute = case.stripe.disputed(case.invoice)
        case.look()
        assert case.found.events[0].reason == "dispute"
        assert case.state.reversed_amount_cents == 2_000
        case.stripe.dispute_closed(dispute, won=True)
        assert case.look().commands == ()

    def test_a_refund_that_came_before_we_looked(self):
        case = Case()
        case.stripe.behave(case.stripe.card_of(case.invoice))
        case.stripe.retried_by_stripe(case.invoice)
        case.stripe.refunded(case.invoice, 500)
        case.look()
        assert (case.state.status, case.state.reversed_amount_cents) == ("recovered", 500)

    def test_a_dispute_of_a_part_holds_the_rest(self):
        case = Case()
        case.look()
        other = case.stripe.card(case.stripe.customer_of(case.invoice), default=False)
        case.stripe.paid_by_customer(case.invoice, other, 700)
        dispute = case.stripe.disputed(case.invoice)
        case.look()
        assert case.state.held_reason == "disputed"
        assert case.look().commands == ()
        case.stripe.dispute_closed(dispute, won=True)
        case.look()
        assert case.state.held_reason is None

    def test_money_that_comes_after_the_end_is_recorded_and_no_transition(self):
        case = Case()
        case.look()
        case.ask(MarkFailed())
        case.stripe.forward(days=2)
        case.stripe.behave(case.stripe.card_of(case.invoice))
        case.stripe.retried_by_stripe(case.invoice)
        case.look()
        assert (case.state.status, case.state.paid_cents) == ("failed", 2_000)
        assert case.state.recovered_amount_cents is None
        assert case.look().commands == ()


class TestEnds:
    @pytest.mark.parametrize(
        ("deed", "reason"),
        [("voided", "voided"), ("uncollectible", "uncollectible"), ("cancelled", "cancelled")],
    )
    def test_s_35_s_36_nothing_is_to_be_won_any_more(self, deed, reason):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        getattr(case.stripe, deed)(case.invoice)
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", reason)
        assert case.state.ended_at == case.stripe.now
        assert all(step.skipped_reason == reason for step in case.state.steps)
        assert case.look().commands == ()

    def test_s_35_cancelled_for_the_end_of_the_period(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.cancelled_at_period_end(case.invoice)
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "cancelled")

    def test_s_35_what_is_owed_is_collected_where_that_is_the_policy(self):
        case = Case().settings(cancellation_policy="collect_owed")
        case.look()
        case.stripe.cancelled_at_period_end(case.invoice)
        assert case.look().commands == ()
        assert case.state.pending

    def test_s_35_the_invoice_is_voided_where_that_is_the_policy(self):
        case = Case().settings(on_cancel_invoice="void")
        case.look()
        assert not case.found.void
        case.stripe.cancelled(case.invoice)
        assert case.look().void
        assert case.look().void  # until it is done
        case.stripe.voided(case.invoice)
        assert not case.look().void

    def test_s_35_not_long_after_and_not_what_was_paid_for(self):
        case = Case().settings(on_cancel_invoice="void")
        case.look()
        case.stripe.cancelled(case.invoice)
        case.look()
        case.stripe.forward(days=8)
        assert not case.look().void

    def test_a_subscription_that_stripe_ended_is_no_cancellation(self):
        case = Case()
        case.look()
        case.stripe.cancelled(case.invoice, "payment_failed")
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "subscription_ended")

    def test_a_customer_who_was_deleted(self):
        case = Case()
        case.look()
        fetched = case.stripe.fetch(case.invoice)
        gone = replace(fetched, customer=replace(fetched.customer, deleted=True))
        found = reconcile(case.state, gone, case.given, case._context())
        assert found.state.end_reason == "customer_deleted"

    def test_what_came_first_is_the_end_and_a_payment_after_it_is_late(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.uncollectible(case.invoice)
        case.stripe.forward(hours=1)
        case.stripe.paid_by_customer(case.invoice, case.stripe.new_card(case.invoice))
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "uncollectible")
        assert case.state.paid_cents == 2_000

    def test_s_27_an_old_failure_after_the_payment_changes_nothing(self):
        case = Case()
        case.look()
        case.stripe.forward(hours=1)
        case.stripe.behave(case.stripe.card_of(case.invoice))
        case.stripe.retried_by_stripe(case.invoice)
        case.look()
        assert case.state.status == "recovered"
        assert case.look().commands == ()

    def test_s_28_no_further_attempt_of_stripes_means_nothing_by_itself(self):
        case = Case()
        case.look()
        case.invoice.next_payment_attempt = None
        assert case.look().commands == ()
        assert case.state.pending
