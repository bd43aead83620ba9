"""The gateway against the simulated Stripe over HTTP, by Stripe's own library."""

import pytest

from recovery.stripe.gateway import EXPANDED, Gateway, UnknownInvoice, disconnected
from stripe_simulator import subscribers
from stripe_simulator.api.faults import Fault
from support.recovery.webhook_delivery import connected_delivery as opened
from troupe.clock import now
from troupe.stripe.client import Declined, Misused, RetryLater, UnknownOutcome


@pytest.fixture
def stripe(tenant, tmp_path):
    with opened(tenant, tmp_path) as delivery:
        yield delivery.stripe


@pytest.fixture
def gateway(stripe):
    return Gateway(stripe.account.id)


def asked(stripe):
    return [(made.method, made.path.rpartition("/")[0] or made.path) for made in stripe.simulation.made]


class TestTruth:
    def test_an_unpaid_invoice_takes_two_calls(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        fetched = gateway.fetch(invoice.id, now())
        assert (fetched.invoice.status, fetched.invoice.subscription_id) == ("open", invoice.subscription)
        assert (fetched.subscription.status, fetched.customer.email) == ("past_due", "ann@customer.example")
        assert (
            fetched.subscription.current_period_end.timestamp() == stripe.subscription_of(invoice).period_end
        )
        assert [each.charge.id for each in fetched.charges] == [stripe.charges(invoice)[0].id]
        assert len(stripe.simulation.made) == 2
        assert {made.account for made in stripe.simulation.made} == {stripe.account.id}

    def test_expansion_stays_within_what_stripe_allows(self):
        assert all(path.count(".") < 4 for path in EXPANDED)

    def test_charges_are_told_oldest_first(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        stripe.retried_by_stripe(invoice)
        stripe.forward(hours=1)
        stripe.retried_by_stripe(invoice)
        fetched = gateway.fetch(invoice.id, now())
        assert [each.charge.id for each in fetched.charges] == [each.id for each in stripe.charges(invoice)]

    def test_refunds_and_disputes_are_asked_for_where_there_are_some(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        stripe.behave(stripe.card_of(invoice))
        stripe.retried_by_stripe(invoice)
        stripe.refunded(invoice, 200)
        dispute = stripe.disputed(invoice, 300)
        fetched = gateway.fetch(invoice.id, now())
        assert (fetched.refunded_cents, fetched.disputed_cents, fetched.open_dispute) == (200, 300, True)
        assert fetched.charges[-1].refunded_at == fetched.charges[-1].disputed_at == stripe.now
        stripe.dispute_closed(dispute, won=True)
        fetched = gateway.fetch(invoice.id, now())
        assert (fetched.disputed_cents, fetched.open_dispute) == (0, False)

    def test_an_invoice_that_is_not_there(self, stripe, gateway):
        with pytest.raises(UnknownInvoice):
            gateway.fetch("in_unknown", now())

    def test_an_invoice_of_no_subscription(self, stripe, gateway):
        fetched = gateway.fetch(stripe.billed("insufficient_funds").id, now())
        assert (fetched.subscription, fetched.invoice.billing_reason) == (None, "manual")


class TestPrecedence:
    def test_s_23_the_subscriptions_own_card_goes_before_the_customers(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        own = stripe.card(stripe.customer_of(invoice), default=False)
        subscribers.pay_subscription_with(stripe.world, stripe.subscription_of(invoice), own)
        other = stripe.card(stripe.customer_of(invoice))
        assert stripe.customer_of(invoice).default_payment_method == other.id
        assert gateway.fetch(invoice.id, now()).payment_method.id == own.id
        subscribers.pay_subscription_with(stripe.world, stripe.subscription_of(invoice), None)
        assert gateway.fetch(invoice.id, now()).payment_method.id == other.id

    def test_s_24_the_customer_has_no_card(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        subscribers.detach(stripe.world, stripe.card_of(invoice))
        assert gateway.fetch(invoice.id, now()).payment_method is None


class TestLinks:
    def test_s_81_the_invoice_of_a_payment_intent_and_of_a_charge(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        assert gateway.invoice_of(invoice.intent) == invoice.id
        assert gateway.intent_of(stripe.charges(invoice)[0].id) == invoice.intent
        assert gateway.intent_of("ch_unknown") is None

    def test_the_subscriptions_of_a_customer(self, stripe, gateway):
        first = stripe.subscription()
        customer = stripe.world.all(type(stripe.customer()))[0]
        second = subscribers.subscribe(stripe.world, customer, 500)
        assert set(gateway.subscription_ids(customer.id)) == {first.id, second.id}
        assert gateway.subscription(first.id)["default_payment_method"] is None
        assert gateway.subscription(first.id)["customer"]["id"] == customer.id
        assert gateway.subscription("sub_unknown") is None


class TestPaying:
    def test_what_remains_is_charged_once_under_one_key(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        stripe.behave(stripe.card_of(invoice))
        for _ in range(2):
            assert gateway.pay_invoice(invoice.id, None, "t/a/1")["status"] == "paid"
        assert len(stripe.charges(invoice)) == 2

    def test_with_a_card_of_choice(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        card = stripe.card(stripe.customer_of(invoice), default=False)
        gateway.pay_invoice(invoice.id, card.id, "t/a/1")
        assert stripe.charges(invoice)[-1].card == card.id

    def test_declined(self, stripe, gateway):
        invoice = stripe.failed_renewal("do_not_honor")
        with pytest.raises(Declined) as declined:
            gateway.pay_invoice(invoice.id, None, "t/a/1")
        assert (declined.value.code, declined.value.decline_code) == ("card_declined", "do_not_honor")

    def test_s_21_a_lost_answer_is_found_again_under_the_same_key(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        stripe.behave(stripe.card_of(invoice))
        stripe.simulation.faults.add(Fault(kind="lost", path=".*/pay", calls=3))
        with pytest.raises(UnknownOutcome):
            gateway.pay_invoice(invoice.id, None, "t/a/1")
        assert gateway.pay_invoice(invoice.id, None, "t/a/1")["status"] == "paid"
        assert len(stripe.charges(invoice)) == 2
        assert gateway.fetch(invoice.id, now()).charges[-1].charge.status == "succeeded"

    def test_void(self, stripe, gateway):
        invoice = stripe.failed_renewal()
        for _ in range(2):
            assert gateway.void_invoice(invoice.id, "t/a/void")["status"] == "void"
        with pytest.raises(Misused):
            gateway.void_invoice(invoice.id, "t/a/other")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("down", UnknownOutcome),
        ("broken", UnknownOutcome),
        ("lost", UnknownOutcome),
        ("rate_limited", RetryLater),
    ],
)
def test_what_faults_come_down_to(stripe, gateway, fault, expected):
    invoice = stripe.failed_renewal()
    stripe.simulation.faults.add(Fault(kind=fault))
    with pytest.raises(expected) as failed:
        gateway.fetch(invoice.id, now())
    assert not disconnected(failed.value)


def test_an_account_that_we_may_not_act_for(stripe, gateway):
    invoice = stripe.failed_renewal()
    stripe.account.connected = False
    with pytest.raises(Misused) as refused:
        gateway.fetch(invoice.id, now())
    assert disconnected(refused.value)
