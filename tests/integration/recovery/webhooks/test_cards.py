"""What webhooks tell of cards and of customers (process_webhook)."""

from datetime import date

from local.stripe_world import subscribers
from local.stripe_world.model import Card, Customer
from recovery import risk_news
from recovery.charge_findings import payment_method
from recovery.risk_news import Standing
from recovery.subscription_at_risk import SUBSCRIPTION_AT_RISK, AtRisk, FlagSubscriptionAtRisk, id_of
from troupe.aggregates import Ref
from troupe.clock import now
from troupe.store import execute, load


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
        assert risk_news.last_day(method) == date(2028, 2, 29)
        assert risk_news.over(risk, Standing(id="s", ends=False, method=method), automatic=False) is None
        assert risk_news.over(risk, Standing(id="s", ends=False, method=None), automatic=False) is None

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
