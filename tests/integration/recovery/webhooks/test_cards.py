"""What webhooks tell of cards and of customers (process_webhook)."""

from datetime import date, timedelta

from recovery.card_expiry import resolve
from recovery.card_expiry.resolve import RunningSubscription
from recovery.invoice.charges import payment_method
from recovery.risk.decider import SUBSCRIPTION_AT_RISK, AtRisk, FlagSubscriptionAtRisk, id_of
from stripe_simulator import subscribers
from stripe_simulator.model import Card, Customer
from troupe.clock import now
from troupe.store.aggregates import Ref
from troupe.store.transact import execute, load


def expired(delivery, *, outlives_expiry=False):
    """The only card there is has been good to the end of last month."""
    (card,) = delivery.stripe.world.all(Card)
    last = delivery.stripe.now.date().replace(day=1) - timedelta(days=1)
    card.exp_month, card.exp_year, card.outlives_expiry = last.month, last.year, outlives_expiry
    return last


class TestCards:
    def risk(self, delivery, subscription, expires: date, renews=None):
        ref = Ref(
            decider=SUBSCRIPTION_AT_RISK,
            id=id_of(delivery.workspace, subscription.id, "card_expiring"),
            creates=True,
        )
        flag = FlagSubscriptionAtRisk(
            workspace_id=delivery.workspace,
            stripe_customer_id=subscription.customer,
            stripe_subscription_id=subscription.id,
            reason="card_expiring",
            expiration_date=expires,
            renews_at=renews,
        )
        execute(delivery.tenant.scope(delivery.stripe.now), ref, flag)

    def state(self, delivery, subscription):
        found = load(
            delivery.tenant.tenant_id,
            SUBSCRIPTION_AT_RISK,
            id_of(delivery.workspace, subscription.id, "card_expiring"),
        )
        assert isinstance(found.state, AtRisk)
        return found.state.resolution

    def test_s_54_a_card_that_the_network_renewed_endangers_nothing(self, delivery):
        subscription = delivery.stripe.subscription()
        delivery.deliver()
        self.risk(delivery, subscription, date(2026, 8, 31))
        card = delivery.stripe.world.get(Card, delivery.stripe.world.all(Customer)[0].cards[0])
        subscribers.update_automatically(delivery.stripe.world, card, 8, 2050, None)
        assert delivery.deliver() == []
        assert self.state(delivery, subscription) == "auto_updated"

    def test_another_card_endangers_nothing_either(self, delivery):
        subscription = delivery.stripe.subscription()
        delivery.deliver()
        self.risk(delivery, subscription, date(2026, 8, 31))
        delivery.stripe.card(delivery.stripe.world.all(Customer)[0])
        assert delivery.deliver() == []
        assert self.state(delivery, subscription) == "card_changed"

    def test_s_55_who_has_cancelled_needs_no_warning(self, delivery):
        subscription = delivery.stripe.subscription()
        delivery.deliver()
        self.risk(delivery, subscription, date(2026, 8, 31))
        subscribers.cancel_at_period_end(delivery.stripe.world, subscription)
        assert delivery.deliver() == []
        assert self.state(delivery, subscription) == "cancelled"

    def test_a_renewal_that_goes_through_was_feared_for_in_vain(self, delivery):
        """Many issuers take a card that has expired."""
        renews_at = delivery.stripe.now + timedelta(days=9)
        subscription = delivery.stripe.subscription(renews_at=int(renews_at.timestamp()))
        self.risk(delivery, subscription, expired(delivery, outlives_expiry=True), renews_at)
        delivery.forward(days=8)
        assert delivery.deliver() == []
        assert self.state(delivery, subscription) is None
        delivery.forward(days=2)
        assert delivery.deliver() == []
        assert self.state(delivery, subscription) == "renewed"
        assert delivery.happened() == []

    def test_one_that_fails_is_not(self, delivery):
        """S-56: the case has it in hand, and its end is the end of it."""
        subscription = delivery.stripe.subscription("expired_card")
        self.risk(delivery, subscription, expired(delivery), delivery.stripe.now)
        invoice = delivery.stripe.renewed(subscription)
        assert delivery.deliver() == []
        assert self.state(delivery, subscription) is None
        delivery.forward(hours=1)
        card = delivery.stripe.card_of(invoice)
        card.outlives_expiry = True
        delivery.stripe.behave(card)
        delivery.stripe.retried_by_stripe(invoice)
        assert delivery.deliver() == []
        assert delivery.attempt(invoice).status == "recovered"
        assert self.state(delivery, subscription) == "recovered"

    def test_a_card_that_will_have_expired_too_is_no_better(self):
        method = payment_method({"id": "pm_2", "type": "card", "card": {"exp_month": 2, "exp_year": 2028}})
        renews = now().replace(year=2028, month=3, day=5)
        risk = AtRisk(
            workspace_id="w",
            stripe_customer_id="c",
            stripe_subscription_id="s",
            reason="card_expiring",
            risk_detected_at=now(),
            expiration_date=date(2027, 8, 31),
            renews_at=renews,
        )
        assert resolve.last_day(method) == date(2028, 2, 29)
        assert (
            resolve.over(risk, RunningSubscription(id="s", ends=False, method=method), automatic=False)
            is None
        )
        assert (
            resolve.over(risk, RunningSubscription(id="s", ends=False, method=None), automatic=False) is None
        )

    def test_s_54_new_data_is_news_for_every_open_case_of_the_customer(self, delivery):
        first = delivery.stripe.failed_renewal("expired_card")
        second = delivery.stripe.renewed(
            subscribers.subscribe(delivery.stripe.world, delivery.stripe.customer_of(first), 900)
        )
        delivery.deliver()
        delivery.forward(hours=2)
        delivery.stripe.updated_by_network(first, last4="9999")
        assert delivery.deliver() == []
        for invoice in (first, second):
            assert delivery.attempt(invoice).card.last4 == "9999"

    def test_a_customer_of_whom_nothing_is_open(self, delivery):
        delivery.stripe.customer()
        customer = delivery.stripe.customer()
        delivery.stripe.card(customer)
        delivery.deliver()
        assert delivery.ignored(delivery.last("payment_method.attached").id) == "nothing_open"
