"""What is asked of an attempt so that it agrees with how things stand at Stripe: its opening and its charges."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.attempt.events import AttemptStarted, PaymentAttempted, RetryScheduled
from recovery.reconciliation.decide import reconcile
from recovery.workspace.settings import Settings
from stripe_simulator import subscribers
from support.recovery.attempt_histories import GENTLE
from support.recovery.invoice_cases import GIVEN, Case, refused
from support.recovery.stripe_account_world import BEGIN


class TestOpening:
    def test_a_failed_renewal_opens_a_case(self):
        case = Case()
        case.look()
        assert case.names == ["AttemptStarted", "PaymentAttempted", "RetryScheduled"]
        attempt = case.state
        assert (attempt.amount_due_cents, attempt.currency, attempt.started_at) == (
            2_000,
            "USD",
            case.stripe.now,
        )
        assert (attempt.stripe_invoice_id, attempt.stripe_account_id) == (
            case.invoice.id,
            case.stripe.account.id,
        )
        assert attempt.decline.network_decline_code == "51"
        assert [step.id for step in attempt.steps] == ["first", "second", "third"]
        assert attempt.terms.window_ends_at == case.stripe.now + timedelta(days=28)

    def test_the_same_truth_twice_asks_for_nothing(self):
        case = Case()
        case.look()
        assert case.look().commands == ()

    def test_s_16_in_the_customers_zone_where_it_is_known(self):
        def berlin(stripe):
            customer = stripe.customer(timezone="Europe/Berlin")
            stripe.card(customer, "insufficient_funds")
            return stripe.renewed(subscribers.subscribe(stripe.world, customer, 2_000))

        case = Case(invoice=berlin)
        case.look()
        assert (case.state.terms.zone, case.state.terms.zone_reason) == ("Europe/Berlin", "customer")
        case = Case(invoice=lambda stripe: stripe.failed_renewal())
        case.look()
        assert (case.state.terms.zone, case.state.terms.zone_reason) == ("UTC", "workspace")

    @pytest.mark.parametrize(
        ("reason", "invoice"),
        [
            ("no_failed_charge", lambda stripe: stripe.renewed(stripe.subscription())),
            ("not_a_renewal", lambda stripe: stripe.billed("insufficient_funds")),
            ("first_invoice", lambda stripe: stripe.first_invoice("insufficient_funds")),
            ("auto_advance_off", lambda stripe: stripe.not_advanced("insufficient_funds")),
        ],
    )
    def test_s_24_s_25_what_opens_no_case_and_why(self, reason, invoice):
        assert refused(invoice=invoice) == reason

    def test_s_25_nothing_to_pay_opens_no_case(self):
        assert (
            refused(invoice=lambda stripe: stripe.renewed(stripe.subscription(amount=0)))
            == "no_failed_charge"
        )

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
        fetched = case.stripe.fetch(case.invoice)
        for part, fields in change.items():
            fetched = replace(fetched, **{part: replace(getattr(fetched, part), **fields)})
        assert reconcile(None, fetched, GIVEN, case._context()).ignored == reason

    def test_what_failed_too_long_ago(self):
        case = Case()
        case.stripe.forward(days=29)
        case.look()
        assert case.found.ignored == "too_old"

    def test_what_was_over_before_the_account_was_connected(self):
        case = Case(given=replace(GIVEN, connected_at=BEGIN + timedelta(days=2)))
        case.stripe.forward(days=1)
        case.stripe.voided(case.invoice)
        case.look()
        assert case.found.ignored == "before_connection"

    def test_what_failed_before_and_is_still_open_is_pursued(self):
        case = Case(given=replace(GIVEN, connected_at=BEGIN + timedelta(days=2)))
        case.stripe.forward(days=3)
        case.look()
        assert case.state.pending

    def test_s_35_notice_given_before_the_charge_failed(self):
        def leaving(stripe):
            subscription = stripe.subscription("insufficient_funds")
            invoice = stripe.renewed(subscription)
            subscription.cancel_at_period_end, subscription.canceled_at = True, stripe.world.now - 60
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
        case.stripe.forward(days=1)
        case.stripe.retried_by_stripe(case.invoice)
        case.look()
        assert case.names == ["PaymentAttempted", "RetryScheduled"]
        assert [each.initiator for each in case.state.charges] == ["stripe", "stripe"]
        assert case.state.retries_executed == 1

    def test_s_14_a_card_tried_on_the_invoice_page_does_not_count(self):
        case = Case()
        case.look()
        planned = case.state.retry
        for _ in range(3):
            case.stripe.forward(hours=1)
            other = case.stripe.card(case.stripe.customer_of(case.invoice), "do_not_honor", default=False)
            case.stripe.paid_by_customer(case.invoice, other)
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
        case.stripe.forward(days=1)
        case.claim()
        case.stripe.forward(seconds=3)
        case.stripe.charged_by_api(case.invoice)
        case.look()
        assert [each.initiator for each in case.state.charges] == ["stripe", "troupe"]
        assert isinstance(case.found.events[0], PaymentAttempted)
        assert case.found.events[0].retry_number == 1
        assert case.state.retry.number == 2

    def test_s_21_long_after_the_claim_it_is_not(self):
        case = Case()
        case.look()
        case.stripe.forward(days=1)
        case.claim()
        case.stripe.forward(days=1)
        case.stripe.retried_by_stripe(case.invoice)
        case.look()
        assert [each.initiator for each in case.state.charges] == ["stripe", "stripe"]

    def test_s_22_another_card_is_told_once(self):
        case = Case("expired_card")
        case.look()
        assert case.state.retry is None
        case.stripe.forward(hours=5)
        case.stripe.new_card(case.invoice)
        case.look()
        assert case.names == ["PaymentMethodChanged", "RetryScheduled"]
        assert case.state.card.changed_at == case.stripe.now
        assert case.state.retry.at == case.stripe.now
        assert case.look().commands == ()

    def test_a_card_that_was_charged_already_took_its_place_before(self):
        case = Case("expired_card")
        case.look()
        case.stripe.forward(hours=5)
        changed_at = case.stripe.now
        case.stripe.new_card(case.invoice, "do_not_honor")
        case.stripe.forward(hours=1)
        case.stripe.retried_by_stripe(case.invoice)
        case.look()
        assert case.names[:2] == ["PaymentMethodChanged", "RetryScheduled"]
        assert case.names[2] == "PaymentAttempted"
        assert case.state.card.changed_at == changed_at
        assert case.state.charges[-1].initiator == "stripe"

    def test_s_54_new_data_of_the_same_payment_method_came_by_itself(self):
        case = Case("expired_card")
        case.look()
        case.stripe.forward(hours=5)
        case.stripe.updated_by_network(case.invoice, last4="9999")
        case.look()
        assert case.names[0] == "PaymentMethodChanged"
        assert case.found.events[0].automatically
        assert (case.state.card.last4, case.state.card.expires) == ("9999", "2030-08")

    def test_s_40_what_waits_for_the_customer_is_not_retried(self):
        case = Case("authentication_required")
        case.look()
        assert case.state.classification.action == "authenticate"
        assert case.state.retry is None


def test_what_a_new_attempt_goes_by_is_what_stood_when_it_began():
    case = Case(given=replace(GIVEN, settings=Settings(retry_limit=3, window_days=10, final_grace_hours=24)))
    case.look()
    started = next(event for event in case.events if isinstance(event, AttemptStarted))
    assert (started.terms.retry_limit, started.terms.final_grace_hours) == (3, 24)
    assert started.terms.window_ends_at == case.stripe.now + timedelta(days=10)
    assert started.sequence == GENTLE
