"""What webhooks tell of cards and of customers (process_webhook)."""

from datetime import date, timedelta

from recovery.card_expiry import resolve
from recovery.card_expiry.resolve import Standing
from recovery.invoice.charges import payment_method
from recovery.risk.decider import SUBSCRIPTION_AT_RISK, AtRisk, FlagSubscriptionAtRisk, id_of
from stripe_simulator import subscribers
from stripe_simulator.model import Card, Customer
from troupe.clock import now
from troupe.store.aggregates import Ref
from troupe.store.transact import execute, load


def expired(office, *, outlives_expiry=False):
    """The only card there is has been good to the end of last month."""
    (card,) = office.town.world.all(Card)
    last = office.town.now.date().replace(day=1) - timedelta(days=1)
    card.exp_month, card.exp_year, card.outlives_expiry = last.month, last.year, outlives_expiry
    return last


class TestCards:
    def risk(self, office, subscription, expires: date, renews=None):
        ref = Ref(
            decider=SUBSCRIPTION_AT_RISK,
            id=id_of(office.workspace, subscription.id, "card_expiring"),
            creates=True,
        )
        flag = FlagSubscriptionAtRisk(
            workspace_id=office.workspace,
            stripe_customer_id=subscription.customer,
            stripe_subscription_id=subscription.id,
            reason="card_expiring",
            expiration_date=expires,
            renews_at=renews,
        )
        execute(office.rescue.scope(office.town.now), ref, flag)

    def state(self, office, subscription):
        found = load(
            office.rescue.tenant_id,
            SUBSCRIPTION_AT_RISK,
            id_of(office.workspace, subscription.id, "card_expiring"),
        )
        assert isinstance(found.state, AtRisk)
        return found.state.resolution

    def test_s_54_a_card_that_the_network_renewed_endangers_nothing(self, office):
        subscription = office.town.subscription()
        office.deliver()
        self.risk(office, subscription, date(2026, 8, 31))
        card = office.town.world.get(Card, office.town.world.all(Customer)[0].cards[0])
        subscribers.update_automatically(office.town.world, card, 8, 2050, None)
        assert office.deliver() == []
        assert self.state(office, subscription) == "auto_updated"

    def test_another_card_endangers_nothing_either(self, office):
        subscription = office.town.subscription()
        office.deliver()
        self.risk(office, subscription, date(2026, 8, 31))
        office.town.card(office.town.world.all(Customer)[0])
        assert office.deliver() == []
        assert self.state(office, subscription) == "card_changed"

    def test_s_55_who_has_cancelled_needs_no_warning(self, office):
        subscription = office.town.subscription()
        office.deliver()
        self.risk(office, subscription, date(2026, 8, 31))
        subscribers.cancel_at_period_end(office.town.world, subscription)
        assert office.deliver() == []
        assert self.state(office, subscription) == "cancelled"

    def test_a_renewal_that_goes_through_was_feared_for_in_vain(self, office):
        """Many issuers take a card that has expired."""
        renews_at = office.town.now + timedelta(days=9)
        subscription = office.town.subscription(renews_at=int(renews_at.timestamp()))
        self.risk(office, subscription, expired(office, outlives_expiry=True), renews_at)
        office.forward(days=8)
        assert office.deliver() == []
        assert self.state(office, subscription) is None
        office.forward(days=2)
        assert office.deliver() == []
        assert self.state(office, subscription) == "renewed"
        assert office.happened() == []

    def test_one_that_fails_is_not(self, office):
        """S-56: the case has it in hand, and its end is the end of it."""
        subscription = office.town.subscription("expired_card")
        self.risk(office, subscription, expired(office), office.town.now)
        invoice = office.town.renewed(subscription)
        assert office.deliver() == []
        assert self.state(office, subscription) is None
        office.forward(hours=1)
        card = office.town.card_of(invoice)
        card.outlives_expiry = True
        office.town.behave(card)
        office.town.retried_by_stripe(invoice)
        assert office.deliver() == []
        assert office.attempt(invoice).status == "recovered"
        assert self.state(office, subscription) == "recovered"

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
        assert resolve.over(risk, Standing(id="s", ends=False, method=method), automatic=False) is None
        assert resolve.over(risk, Standing(id="s", ends=False, method=None), automatic=False) is None

    def test_s_54_new_data_is_news_for_every_open_case_of_the_customer(self, office):
        first = office.town.failed_renewal("expired_card")
        second = office.town.renewed(
            subscribers.subscribe(office.town.world, office.town.customer_of(first), 900)
        )
        office.deliver()
        office.forward(hours=2)
        office.town.updated_by_network(first, last4="9999")
        assert office.deliver() == []
        for invoice in (first, second):
            assert office.attempt(invoice).card.last4 == "9999"

    def test_a_customer_of_whom_nothing_is_open(self, office):
        office.town.customer()
        customer = office.town.customer()
        office.town.card(customer)
        office.deliver()
        assert office.ignored(office.last("payment_method.attached").id) == "nothing_open"
