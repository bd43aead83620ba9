"""The gateway against the simulated Stripe over HTTP, by Stripe's own library."""

import pytest

from recovery.stripe.gateway import EXPANDED, Gateway, UnknownInvoice, disconnected
from stripe_simulator import subscribers
from stripe_simulator.api.faults import Fault
from support.recovery.webhook_delivery import office as opened
from troupe.clock import now
from troupe.stripe.client import Declined, Misused, RetryLater, UnknownOutcome


@pytest.fixture
def town(rescue, tmp_path):
    with opened(rescue, tmp_path) as office:
        yield office.town


@pytest.fixture
def gateway(town):
    return Gateway(town.account.id)


def asked(town):
    return [(made.method, made.path.rpartition("/")[0] or made.path) for made in town.simulation.made]


class TestTruth:
    def test_an_unpaid_invoice_takes_two_calls(self, town, gateway):
        invoice = town.failed_renewal()
        truth = gateway.truth(invoice.id, now())
        assert (truth.invoice.status, truth.invoice.subscription_id) == ("open", invoice.subscription)
        assert (truth.subscription.status, truth.customer.email) == ("past_due", "ann@customer.example")
        assert truth.subscription.current_period_end.timestamp() == town.subscription_of(invoice).period_end
        assert [each.charge.id for each in truth.charges] == [town.charges(invoice)[0].id]
        assert len(town.simulation.made) == 2
        assert {made.account for made in town.simulation.made} == {town.account.id}

    def test_expansion_stays_within_what_stripe_allows(self):
        assert all(path.count(".") < 4 for path in EXPANDED)

    def test_charges_are_told_oldest_first(self, town, gateway):
        invoice = town.failed_renewal()
        town.retried_by_stripe(invoice)
        town.forward(hours=1)
        town.retried_by_stripe(invoice)
        truth = gateway.truth(invoice.id, now())
        assert [each.charge.id for each in truth.charges] == [each.id for each in town.charges(invoice)]

    def test_refunds_and_disputes_are_asked_for_where_there_are_some(self, town, gateway):
        invoice = town.failed_renewal()
        town.behave(town.card_of(invoice))
        town.retried_by_stripe(invoice)
        town.refunded(invoice, 200)
        dispute = town.disputed(invoice, 300)
        truth = gateway.truth(invoice.id, now())
        assert (truth.refunded_cents, truth.disputed_cents, truth.open_dispute) == (200, 300, True)
        assert truth.charges[-1].refunded_at == truth.charges[-1].disputed_at == town.now
        town.dispute_closed(dispute, won=True)
        truth = gateway.truth(invoice.id, now())
        assert (truth.disputed_cents, truth.open_dispute) == (0, False)

    def test_an_invoice_that_is_not_there(self, town, gateway):
        with pytest.raises(UnknownInvoice):
            gateway.truth("in_unknown", now())

    def test_an_invoice_of_no_subscription(self, town, gateway):
        truth = gateway.truth(town.billed("insufficient_funds").id, now())
        assert (truth.subscription, truth.invoice.billing_reason) == (None, "manual")


class TestPrecedence:
    def test_s_23_the_subscriptions_own_card_goes_before_the_customers(self, town, gateway):
        invoice = town.failed_renewal()
        own = town.card(town.customer_of(invoice), default=False)
        subscribers.pay_subscription_with(town.world, town.subscription_of(invoice), own)
        other = town.card(town.customer_of(invoice))
        assert town.customer_of(invoice).default_payment_method == other.id
        assert gateway.truth(invoice.id, now()).payment_method.id == own.id
        subscribers.pay_subscription_with(town.world, town.subscription_of(invoice), None)
        assert gateway.truth(invoice.id, now()).payment_method.id == other.id

    def test_s_24_nobody_has_a_card(self, town, gateway):
        invoice = town.failed_renewal()
        subscribers.detach(town.world, town.card_of(invoice))
        assert gateway.truth(invoice.id, now()).payment_method is None


class TestLinks:
    def test_s_81_the_invoice_of_a_payment_intent_and_of_a_charge(self, town, gateway):
        invoice = town.failed_renewal()
        assert gateway.invoice_of(invoice.intent) == invoice.id
        assert gateway.intent_of(town.charges(invoice)[0].id) == invoice.intent
        assert gateway.intent_of("ch_unknown") is None

    def test_the_subscriptions_of_a_customer(self, town, gateway):
        first = town.subscription()
        customer = town.world.all(type(town.customer()))[0]
        second = subscribers.subscribe(town.world, customer, 500)
        assert set(gateway.subscription_ids(customer.id)) == {first.id, second.id}
        assert gateway.subscription(first.id)["default_payment_method"] is None
        assert gateway.subscription(first.id)["customer"]["id"] == customer.id
        assert gateway.subscription("sub_unknown") is None


class TestPaying:
    def test_what_remains_is_charged_once_under_one_key(self, town, gateway):
        invoice = town.failed_renewal()
        town.behave(town.card_of(invoice))
        for _ in range(2):
            assert gateway.pay_invoice(invoice.id, None, "t/a/1")["status"] == "paid"
        assert len(town.charges(invoice)) == 2

    def test_with_a_card_of_choice(self, town, gateway):
        invoice = town.failed_renewal()
        card = town.card(town.customer_of(invoice), default=False)
        gateway.pay_invoice(invoice.id, card.id, "t/a/1")
        assert town.charges(invoice)[-1].card == card.id

    def test_declined(self, town, gateway):
        invoice = town.failed_renewal("do_not_honor")
        with pytest.raises(Declined) as declined:
            gateway.pay_invoice(invoice.id, None, "t/a/1")
        assert (declined.value.code, declined.value.decline_code) == ("card_declined", "do_not_honor")

    def test_s_21_a_lost_answer_is_found_again_under_the_same_key(self, town, gateway):
        invoice = town.failed_renewal()
        town.behave(town.card_of(invoice))
        town.simulation.faults.add(Fault(kind="lost", path=".*/pay", calls=3))
        with pytest.raises(UnknownOutcome):
            gateway.pay_invoice(invoice.id, None, "t/a/1")
        assert gateway.pay_invoice(invoice.id, None, "t/a/1")["status"] == "paid"
        assert len(town.charges(invoice)) == 2
        assert gateway.truth(invoice.id, now()).charges[-1].charge.status == "succeeded"

    def test_void(self, town, gateway):
        invoice = town.failed_renewal()
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
def test_what_faults_come_down_to(town, gateway, fault, expected):
    invoice = town.failed_renewal()
    town.simulation.faults.add(Fault(kind=fault))
    with pytest.raises(expected) as failed:
        gateway.truth(invoice.id, now())
    assert not disconnected(failed.value)


def test_an_account_that_we_may_not_act_for(town, gateway):
    invoice = town.failed_renewal()
    town.account.connected = False
    with pytest.raises(Misused) as refused:
        gateway.truth(invoice.id, now())
    assert disconnected(refused.value)
