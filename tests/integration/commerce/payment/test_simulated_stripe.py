"""Orders paid at the simulated Stripe, which refuses what Stripe refuses."""

from dataclasses import replace

import pytest

from commerce.payment import stripe
from stripe_simulator.api.server import serve
from stripe_simulator.model import Intent
from stripe_simulator.simulation import Simulation
from stripe_simulator.world import World
from support.commerce.orders import requested_line
from support.spec import TENANT
from troupe.domain.decider import Rejected

POOR = "pm_card_visa_chargeDeclinedInsufficientFunds"


@pytest.fixture
def world(checkout, monkeypatch):
    world = World(now=int(checkout.clock().timestamp()))
    with serve(Simulation(world)) as url:
        monkeypatch.setenv("STRIPE_URL", url)
        yield world


@pytest.fixture
def order_id(checkout, world):
    return checkout.placed(requested_line(checkout.goods(10)))


def totalling(checkout, order_id, cents, currency):
    order = checkout.order(order_id)
    return replace(order, totals=replace(order.totals, total_cents=cents, currency=currency))


def test_a_declined_card_and_then_a_good_one(checkout, world, order_id):
    assert checkout.pay(order_id, POOR).body["decline_code"] == "insufficient_funds"
    assert checkout.pay(order_id, "pm_card_visa").body["detail_status"] == "paid"
    (intent,) = world.all(Intent)
    assert (intent.status, intent.received, intent.currency) == ("succeeded", 8498, "eur")


def test_the_customer_answers_the_bank(checkout, world, order_id):
    asked = checkout.pay(order_id, "pm_card_authenticationRequired")
    assert asked.body["payment_status"] == "started"
    assert asked.body["client_secret"]


def test_a_method_that_stripe_does_not_know(checkout, order_id):
    assert checkout.pay(order_id, "pm_none").body["code"] == "payment_method_refused"


@pytest.mark.parametrize("cents, currency, amount", [(500, "ISK", 50_000), (50_000, "MGA", 500)])
def test_stripe_counts_other_units(checkout, world, order_id, cents, currency, amount):
    made = stripe.create(TENANT, order_id, totalling(checkout, order_id, cents, currency))
    assert world.get(Intent, made).amount == amount


@pytest.mark.parametrize("cents, currency", [(49, "EUR"), (100_000_000, "EUR"), (5_124, "KWD"), (550, "MGA")])
def test_a_total_that_stripe_does_not_charge(checkout, world, order_id, cents, currency):
    with pytest.raises(Rejected) as refused:
        stripe.create(TENANT, order_id, totalling(checkout, order_id, cents, currency))
    assert refused.value.code == "amount_not_chargeable"
    assert world.all(Intent) == []
