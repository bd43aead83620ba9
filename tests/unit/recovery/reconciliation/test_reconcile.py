"""What is asked of an attempt so that it agrees with how things stand at Stripe, scenario by scenario."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.attempt.commands import ClaimRetry, ClaimStep, MarkFailed, RecordStepClicked, RecordStepSent
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import AttemptStarted, PaymentAttempted, RetryScheduled
from recovery.reconciliation.decide import Given, reconcile
from recovery.workspace.settings import Settings
from stripe_simulator import subscribers
from support.recovery.attempt_histories import GENTLE, STEPS
from support.recovery.stripe_account_world import BEGIN, StripeTown
from support.spec import NOON as CONTEXT

GIVEN = Given(
    workspace_id="0192f0c1-0000-7000-8000-00000000e001",
    attempt_id="0192f0c1-0000-7000-8000-00000000ca5e",
    connected_at=BEGIN,
    sequence=GENTLE,
    steps=STEPS,
)


class Case:
    """An invoice in the simulated world, and the attempt that is kept in agreement with it."""

    def __init__(self, declines="insufficient_funds", given=GIVEN, invoice=None, town=None):
        self.town = town or StripeTown()
        self.given = given
        self.state = None
        self.events = []
        self.invoice = invoice(self.town) if invoice else self.town.failed_renewal(declines)

    def look(self):
        """Fetch, compare, and do what that asks for."""
        truth = self.town.truth(self.invoice)
        self.found = reconcile(self.state, truth, self.given, self._context())
        self.state = self.found.state
        self.events += self.found.events
        return self.found

    def ask(self, command):
        events = RECOVERY_ATTEMPT.answer(command, self.state, self._context())
        self.state = RECOVERY_ATTEMPT.fold(events, self.state)

    def settings(self, **changes):
        self.given = replace(self.given, settings=replace(self.given.settings, **changes))
        return self

    def mail(self, step="first"):
        """The next step is sent now."""
        self.ask(ClaimStep(step_id=step, fetched_at=self.town.now, early=True))
        self.ask(RecordStepSent(step_id=step, sent_at=self.town.now))

    def claim(self):
        self.ask(
            ClaimRetry(
                number=self.state.retry.number,
                idempotency_key="t/a/1",
                fetched_at=self.town.now,
                early=True,
            )
        )

    def _context(self):
        return replace(CONTEXT, now=self.town.now)

    @property
    def names(self):
        return [type(event).__name__ for event in self.found.events]


def refused(**how):
    case = Case(**how)
    case.look()
    assert case.state is None
    assert not case.found.commands
    return case.found.ignored


class TestOpening:
    def test_a_failed_renewal_opens_a_case(self):
        case = Case()
        case.look()
        assert case.names == ["AttemptStarted", "PaymentAttempted", "RetryScheduled"]
        attempt = case.state
        assert (attempt.amount_due_cents, attempt.currency, attempt.started_at) == (
            2_000,
            "USD",
            case.town.now,
        )
        assert (attempt.stripe_invoice_id, attempt.stripe_account_id) == (
            case.invoice.id,
            case.town.account.id,
        )
        assert attempt.decline.network_decline_code == "51"
        assert [step.id for step in attempt.steps] == ["first", "second", "third"]
        assert attempt.terms.window_ends_at == case.town.now + timedelta(days=28)

    def test_the_same_truth_twice_asks_for_nothing(self):
        case = Case()
        case.look()
        assert case.look().commands == ()

    def test_s_16_in_the_customers_zone_where_it_is_known(self):
        def berlin(town):
            customer = town.customer(timezone="Europe/Berlin")
            town.card(customer, "insufficient_funds")
            return town.renewed(subscribers.subscribe(town.world, customer, 2_000))

        case = Case(invoice=berlin)
        case.look()
        assert (case.state.terms.zone, case.state.terms.zone_reason) == ("Europe/Berlin", "customer")
        case = Case(invoice=lambda town: town.failed_renewal())
        case.look()
        assert (case.state.terms.zone, case.state.terms.zone_reason) == ("UTC", "workspace")

    @pytest.mark.parametrize(
        ("reason", "invoice"),
        [
            ("no_failed_charge", lambda town: town.renewed(town.subscription())),
            ("not_a_renewal", lambda town: town.billed("insufficient_funds")),
            ("first_invoice", lambda town: town.first_invoice("insufficient_funds")),
            ("auto_advance_off", lambda town: town.not_advanced("insufficient_funds")),
        ],
    )
    def test_s_24_s_25_what_opens_no_case_and_why(self, reason, invoice):
        assert refused(invoice=invoice) == reason

    def test_s_25_nothing_to_pay_opens_no_case(self):
        assert refused(invoice=lambda town: town.renewed(town.subscription(amount=0))) == "no_failed_charge"

    @pytest.mark.parametrize(
        ("reason", "change"),
        [
            ("send_invoice", {"invoice": {"collection_method": "send_invoice"}}),
            ("collection_paused", {"subscription": {"collection_paused": True}}),
            ("first_invoice", {"subscription": {"status": "incomplete"}}),
        ],
    )
    def test_s_24_what_is_collected_in_another_way(self, reason, change):
        case = Case()
        truth = case.town.truth(case.invoice)
        for part, fields in change.items():
            truth = replace(truth, **{part: replace(getattr(truth, part), **fields)})
        assert reconcile(None, truth, GIVEN, case._context()).ignored == reason

    def test_what_failed_too_long_ago(self):
        case = Case()
        case.town.forward(days=29)
        case.look()
        assert case.found.ignored == "too_old"

    def test_what_was_over_before_the_account_was_connected(self):
        case = Case(given=replace(GIVEN, connected_at=BEGIN + timedelta(days=2)))
        case.town.forward(days=1)
        case.town.voided(case.invoice)
        case.look()
        assert case.found.ignored == "before_connection"

    def test_what_failed_before_and_is_still_open_is_pursued(self):
        case = Case(given=replace(GIVEN, connected_at=BEGIN + timedelta(days=2)))
        case.town.forward(days=3)
        case.look()
        assert case.state.pending

    def test_s_35_notice_given_before_the_charge_failed(self):
        def leaving(town):
            subscription = town.subscription("insufficient_funds")
            invoice = town.renewed(subscription)
            subscription.cancel_at_period_end, subscription.canceled_at = True, town.world.now - 60
            return invoice

        assert refused(invoice=leaving) == "cancelled"
        case = Case(invoice=leaving).settings(cancellation_policy="collect_owed")
        case.look()
        assert case.state.pending

    def test_s_03_a_charge_that_stripe_blocked_opens_a_case_and_is_not_counted(self):
        case = Case("previously_declined_do_not_retry")
        case.look()
        assert case.state.classification.decline_type == "hard"
        assert case.state.retries_executed == 0
        assert not case.state.charges[0].executed
        assert case.state.retry is None


class TestCharges:
    def test_s_26_every_event_of_one_failure_finds_one_charge(self):
        case = Case()
        for _ in range(4):
            case.look()
        assert len(case.state.charges) == 1
        assert [type(each) for each in case.events].count(RetryScheduled) == 1

    def test_s_13_a_count_without_a_charge_is_no_attempt(self):
        case = Case("lost_card")
        case.look()
        case.invoice.attempt_count = 5
        assert case.look().commands == ()
        assert case.state.retries_executed == 0

    def test_stripes_own_retry_is_recorded_and_counted(self):
        case = Case()
        case.look()
        case.town.forward(days=1)
        case.town.retried_by_stripe(case.invoice)
        case.look()
        assert case.names == ["PaymentAttempted", "RetryScheduled"]
        assert [each.initiator for each in case.state.charges] == ["stripe", "stripe"]
        assert case.state.retries_executed == 1

    def test_s_14_a_card_that_the_customer_tries_on_the_page_counts_for_nobody(self):
        case = Case()
        case.look()
        planned = case.state.retry
        for _ in range(3):
            case.town.forward(hours=1)
            other = case.town.card(case.town.customer_of(case.invoice), "do_not_honor", default=False)
            case.town.paid_by_customer(case.invoice, other)
        case.look()
        assert [each.initiator for each in case.state.charges] == [
            "stripe",
            "customer",
            "customer",
            "customer",
        ]
        assert (case.state.retries_executed, case.state.retry) == (0, planned)

    def test_what_is_charged_under_our_claim_is_ours(self):
        case = Case()
        case.look()
        case.town.forward(days=1)
        case.claim()
        case.town.forward(seconds=3)
        case.town.charged_by_api(case.invoice)
        case.look()
        assert [each.initiator for each in case.state.charges] == ["stripe", "troupe"]
        assert isinstance(case.found.events[0], PaymentAttempted)
        assert case.found.events[0].retry_number == 1
        assert case.state.retry.number == 2

    def test_s_21_long_after_the_claim_it_is_not(self):
        case = Case()
        case.look()
        case.town.forward(days=1)
        case.claim()
        case.town.forward(days=1)
        case.town.retried_by_stripe(case.invoice)
        case.look()
        assert [each.initiator for each in case.state.charges] == ["stripe", "stripe"]

    def test_s_22_another_card_is_told_once(self):
        case = Case("expired_card")
        case.look()
        assert case.state.retry is None
        case.town.forward(hours=5)
        case.town.new_card(case.invoice)
        case.look()
        assert case.names == ["PaymentMethodChanged", "RetryScheduled"]
        assert case.state.card.changed_at == case.town.now
        assert case.state.retry.at == case.town.now
        assert case.look().commands == ()

    def test_a_card_that_was_charged_already_took_its_place_before(self):
        case = Case("expired_card")
        case.look()
        case.town.forward(hours=5)
        changed_at = case.town.now
        case.town.new_card(case.invoice, "do_not_honor")
        case.town.forward(hours=1)
        case.town.retried_by_stripe(case.invoice)
        case.look()
        assert case.names[:2] == ["PaymentMethodChanged", "RetryScheduled"]
        assert case.names[2] == "PaymentAttempted"
        assert case.state.card.changed_at == changed_at
        assert case.state.charges[-1].initiator == "stripe"

    def test_s_54_new_data_of_the_same_payment_method_came_by_itself(self):
        case = Case("expired_card")
        case.look()
        case.town.forward(hours=5)
        case.town.updated_by_network(case.invoice, last4="9999")
        case.look()
        assert case.names[0] == "PaymentMethodChanged"
        assert case.found.events[0].automatically
        assert (case.state.card.last4, case.state.card.expires) == ("9999", "2030-08")

    def test_s_40_what_waits_for_the_customer_is_not_retried(self):
        case = Case("authentication_required")
        case.look()
        assert case.state.classification.action == "authenticate"
        assert case.state.retry is None


class TestMoney:
    def test_s_36_a_credit_note_lowers_what_remains(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        case.town.credited(case.invoice, 500)
        case.look()
        assert case.names == ["AmountChanged"]
        assert (case.state.amount_remaining_cents, case.state.credited_cents) == (1_500, 500)
        assert case.state.pending

    def test_s_36_credited_to_nothing(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        case.town.credited(case.invoice)
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "credited")
        assert case.state.ended_at == case.town.now

    def test_s_84_parts(self):
        case = Case()
        case.look()
        other = case.town.card(case.town.customer_of(case.invoice), default=False)
        for part, remaining in ((700, 1_300), (700, 600)):
            case.town.forward(hours=1)
            case.town.paid_by_customer(case.invoice, other, part)
            case.look()
            assert (case.state.amount_remaining_cents, case.state.paid_cents) == (
                remaining,
                2_000 - remaining,
            )
            assert case.state.pending
        case.town.forward(hours=1)
        case.town.paid_by_customer(case.invoice, other, 600)
        case.look()
        assert (case.state.status, case.state.recovered_amount_cents) == ("recovered", 2_000)

    def test_s_36_paid_from_a_second_payment_intent(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        other = case.town.card(case.town.customer_of(case.invoice), default=False)
        case.town.paid_by_customer(case.invoice, other, 2_000)
        case.look()
        assert (case.state.status, case.state.recovered_amount_cents) == ("recovered", 2_000)

    def test_s_36_paid_by_another_way(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        case.town.paid_out_of_band(case.invoice)
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
        case.town.forward(days=1)
        case.town.behave(case.town.card_of(case.invoice))
        case.town.retried_by_stripe(case.invoice)
        for amount, total in ((500, 500), (300, 800)):
            case.town.forward(hours=1)
            case.town.refunded(case.invoice, amount)
            case.look()
            assert case.state.reversed_amount_cents == total
            assert case.look().commands == ()
        assert case.state.status == "recovered"

    def test_a_dispute_takes_it_back_and_the_total_never_falls(self):
        case = Case()
        case.look()
        case.town.behave(case.town.card_of(case.invoice))
        case.town.retried_by_stripe(case.invoice)
        case.look()
        case.town.forward(days=3)
        dispute = case.town.disputed(case.invoice)
        case.look()
        assert case.found.events[0].reason == "dispute"
        assert case.state.reversed_amount_cents == 2_000
        case.town.dispute_closed(dispute, won=True)
        assert case.look().commands == ()

    def test_a_refund_that_came_before_we_looked(self):
        case = Case()
        case.town.behave(case.town.card_of(case.invoice))
        case.town.retried_by_stripe(case.invoice)
        case.town.refunded(case.invoice, 500)
        case.look()
        assert (case.state.status, case.state.reversed_amount_cents) == ("recovered", 500)

    def test_a_dispute_of_a_part_holds_the_rest(self):
        case = Case()
        case.look()
        other = case.town.card(case.town.customer_of(case.invoice), default=False)
        case.town.paid_by_customer(case.invoice, other, 700)
        dispute = case.town.disputed(case.invoice)
        case.look()
        assert case.state.held_reason == "disputed"
        assert case.look().commands == ()
        case.town.dispute_closed(dispute, won=True)
        case.look()
        assert case.state.held_reason is None

    def test_money_that_comes_after_the_end_is_recorded_and_no_transition(self):
        case = Case()
        case.look()
        case.ask(MarkFailed())
        case.town.forward(days=2)
        case.town.behave(case.town.card_of(case.invoice))
        case.town.retried_by_stripe(case.invoice)
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
        case.town.forward(hours=1)
        getattr(case.town, deed)(case.invoice)
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", reason)
        assert case.state.ended_at == case.town.now
        assert all(step.skipped_reason == reason for step in case.state.steps)
        assert case.look().commands == ()

    def test_s_35_cancelled_for_the_end_of_the_period(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        case.town.cancelled_at_period_end(case.invoice)
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "cancelled")

    def test_s_35_what_is_owed_is_collected_where_that_is_the_policy(self):
        case = Case().settings(cancellation_policy="collect_owed")
        case.look()
        case.town.cancelled_at_period_end(case.invoice)
        assert case.look().commands == ()
        assert case.state.pending

    def test_s_35_the_invoice_is_voided_where_that_is_the_policy(self):
        case = Case().settings(on_cancel_invoice="void")
        case.look()
        assert not case.found.void
        case.town.cancelled(case.invoice)
        assert case.look().void
        assert case.look().void  # until it is done
        case.town.voided(case.invoice)
        assert not case.look().void

    def test_s_35_not_long_after_and_not_what_was_paid_for(self):
        case = Case().settings(on_cancel_invoice="void")
        case.look()
        case.town.cancelled(case.invoice)
        case.look()
        case.town.forward(days=8)
        assert not case.look().void

    def test_a_subscription_that_stripe_ended_is_no_cancellation(self):
        case = Case()
        case.look()
        case.town.cancelled(case.invoice, "payment_failed")
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "subscription_ended")

    def test_a_customer_who_was_deleted(self):
        case = Case()
        case.look()
        truth = case.town.truth(case.invoice)
        gone = replace(truth, customer=replace(truth.customer, deleted=True))
        found = reconcile(case.state, gone, case.given, case._context())
        assert found.state.end_reason == "customer_deleted"

    def test_what_came_first_is_the_end_and_a_payment_after_it_is_late(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        case.town.uncollectible(case.invoice)
        case.town.forward(hours=1)
        case.town.paid_by_customer(case.invoice, case.town.new_card(case.invoice))
        case.look()
        assert (case.state.status, case.state.end_reason) == ("abandoned", "uncollectible")
        assert case.state.paid_cents == 2_000

    def test_s_27_an_old_failure_after_the_payment_changes_nothing(self):
        case = Case()
        case.look()
        case.town.forward(hours=1)
        case.town.behave(case.town.card_of(case.invoice))
        case.town.retried_by_stripe(case.invoice)
        case.look()
        assert case.state.status == "recovered"
        assert case.look().commands == ()

    def test_s_28_no_further_attempt_of_stripes_means_nothing_by_itself(self):
        case = Case()
        case.look()
        case.invoice.next_payment_attempt = None
        assert case.look().commands == ()
        assert case.state.pending


class TestAttribution:
    def paid(self, case, **how):
        case.town.forward(hours=2)
        case.town.behave(case.town.card_of(case.invoice))
        how.get("by", case.town.retried_by_stripe)(case.invoice)
        case.look()
        assert case.state.status == "recovered"
        recovered = case.found.events[-1]
        return recovered.attribution, recovered.evidence

    def touched(self, declines="insufficient_funds"):
        case = Case(declines)
        case.look()
        case.mail()
        return case

    def test_s_80_stripes_retry_after_a_mail_that_was_clicked(self):
        case = self.touched()
        case.ask(RecordStepClicked(step_id="first", clicked_at=case.town.now))
        attribution, evidence = self.paid(case)
        assert attribution == "auto_retry"
        assert evidence["charge_id"] == case.town.charges(case.invoice)[-1].id
        assert case.state.steps[0].status == "converted"

    def test_our_retry(self):
        case = self.touched()
        case.town.forward(days=1)
        case.claim()
        case.town.behave(case.town.card_of(case.invoice))
        case.town.charged_by_api(case.invoice)
        case.look()
        assert case.state.attribution == "our_retry"

    def test_another_card_after_a_mail(self):
        case = self.touched("expired_card")
        case.town.forward(days=2)
        case.town.new_card(case.invoice)
        attribution, evidence = self.paid(case)
        assert (attribution, evidence["step_id"]) == ("card_update_after_touch", "first")

    def test_another_card_unasked(self):
        case = Case("expired_card")
        case.look()
        case.town.new_card(case.invoice)
        assert self.paid(case)[0] == "organic"

    def test_another_card_a_week_after_the_last_mail(self):
        case = self.touched("expired_card")
        case.town.forward(days=8)
        case.town.new_card(case.invoice)
        assert self.paid(case)[0] == "organic"

    def test_another_card_on_the_invoices_page(self):
        case = self.touched("expired_card")
        case.town.forward(hours=1)
        other = case.town.card(case.town.customer_of(case.invoice), default=False)
        case.town.paid_by_customer(case.invoice, other)
        case.look()
        assert case.state.attribution == "card_update_after_touch"
        assert case.state.charges[-1].initiator == "customer"

    def test_s_40_authentication_after_a_mail(self):
        case = self.touched("authentication_required")
        case.town.forward(hours=1)
        case.town.paid_by_customer(case.invoice)
        case.look()
        assert case.state.attribution == "authentication_after_touch"

    def test_s_40_authentication_unasked(self):
        case = Case("authentication_required")
        case.look()
        case.town.forward(hours=1)
        case.town.paid_by_customer(case.invoice)
        case.look()
        assert case.state.attribution == "organic"

    def test_the_networks_account_updater(self):
        case = Case("expired_card")
        case.look()
        case.town.forward(hours=1)
        case.town.updated_by_network(case.invoice)
        case.look()
        assert self.paid(case)[0] == "account_updater"


def test_what_a_new_attempt_goes_by_is_what_stood_when_it_began():
    case = Case(given=replace(GIVEN, settings=Settings(retry_limit=3, window_days=10, final_grace_hours=24)))
    case.look()
    started = next(event for event in case.events if isinstance(event, AttemptStarted))
    assert (started.terms.retry_limit, started.terms.final_grace_hours) == (3, 24)
    assert started.terms.window_ends_at == case.town.now + timedelta(days=10)
    assert started.sequence == GENTLE
