"""What a test or a demo tells the simulated world to do."""

import os
import sys

import httpx
import pytest
import stripe

from local.places import REPOSITORY
from local.stack.ports import LOOPBACK, free_port
from local.stack.processes import Server
from stripe_simulator.api.server import serve
from support.stripe_simulator.shop import DAY, opened


def test_a_world_is_served():
    shop = opened()
    with serve(shop.world) as url:
        assert httpx.get(f"{url}/_world/health").json()["now"] == shop.world.now


def test_a_story_by_the_controls(served):
    account = served.world(
        "accounts", shape="2020-08-27", smart_retries={"days": [3], "then": "cancel"}
    ).json()
    customer = served.world(
        "customers", account=account["id"], email="b@example.com", timezone="Asia/Kolkata", country="IN",
        card={"brand": "mastercard", "declines": "insufficient_funds"},
    ).json()  # fmt: skip
    subscription = served.world("subscriptions", customer=customer["id"], amount=500, currency="inr").json()
    invoice = served.world(f"subscriptions/{subscription['id']}/renew").json()
    assert (invoice["status"], invoice["attempt_count"]) == ("open", 1)
    card = customer["invoice_settings"]["default_payment_method"]
    served.world(
        f"cards/{card}/behave", episodes=[{"decline": "do_not_honor", "end": "2026-01-03T00:00:00Z"}]
    )
    served.world("clock", advance=4 * DAY)
    options = {"stripe_account": account["id"]}
    paid = served.v1.invoices.retrieve(invoice["id"], None, options)
    assert (paid.status, paid.attempt_count) == ("paid", 2)
    (charge, _) = served.v1.charges.list({"customer": customer["id"]}, options).data
    refund = served.world(f"charges/{charge.id}/refund", amount=100).json()
    assert refund["amount"] == 100
    dispute = served.world(f"charges/{charge.id}/dispute").json()
    assert served.world(f"disputes/{dispute['id']}/close", outcome="lost").json()["status"] == "lost"
    assert served.world(f"subscriptions/{subscription['id']}/cancel").json()["status"] == "canceled"
    types = [each["type"] for each in served.world("events", account=account["id"]).json()]
    assert types[-1] == "customer.subscription.deleted"
    assert served.world("health").json()["events"] == len(served.shop.world.events)


def test_the_other_controls(served):
    customer, subscription = served.shop.customer, served.shop.subscription
    card = served.world("cards", customer=customer.id, subscription=subscription.id, last4="1881").json()
    assert subscription.default_payment_method == card["id"]
    assert customer.default_payment_method == served.shop.card.id
    changed = served.world(f"cards/{card['id']}/update", exp_month=2, exp_year=2031).json()
    assert changed["card"]["exp_year"] == 2031
    assert served.world(f"cards/{card['id']}/detach").json()["customer"] is None
    served.shop.declines("do_not_honor")
    once = served.world("invoices", customer=customer.id, amount=300).json()
    assert served.world(f"invoices/{once['id']}/attempt").json()["attempt_count"] == 2
    assert served.world(f"invoices/{once['id']}/credit", amount=100).json()["amount_due"] == 200
    new = served.world("cards", customer=customer.id).json()["id"]
    assert served.world(f"invoices/{once['id']}/pay", card=new, amount=50).json()["amount_remaining"] == 150
    assert served.world(f"invoices/{once['id']}/mark_uncollectible").json()["status"] == "uncollectible"
    assert served.world(f"invoices/{once['id']}/pay_out_of_band").json()["status"] == "paid"
    assert served.world(f"subscriptions/{subscription.id}/cancel", at_period_end=True).json()["cancel_at"]
    served.world(f"accounts/{served.shop.account.id}/change", livemode=False)
    assert served.shop.account.livemode is False
    served.world(f"accounts/{served.shop.account.id}/deauthorize")
    assert served.shop.account.connected is False
    assert served.world("calls").json() == []


def test_controls_asked_wrongly(served):
    assert served.world("nonsense").status_code == 404
    assert served.world("invoices/in_1/nonsense").status_code == 404
    assert served.world("invoices/in_1/void").status_code == 400
    assert served.world("clock", advance=-1).json()["error"].startswith("ValueError")
    assert served.world("subscriptions", customer=served.shop.customer.id, amount=1, no=1).status_code == 400


def test_another_world(served):
    served.v1.customers.list(None, served.options)
    assert served.world("reset", seed="x", now="2026-06-01T00:00:00Z").json()["seed"] == "x"
    with pytest.raises(stripe.PermissionError):
        served.v1.customers.list(None, served.options)
    assert len(served.simulation.made) == 1


def test_the_programme_serves_until_it_is_ended(tmp_path):
    port = free_port()
    server = Server("stripe_world", tmp_path, "/_world/health", 60)
    command = [
        sys.executable,
        "-m",
        "stripe_simulator",
        "--port",
        str(port),
        "--now",
        "2026-03-01T00:00:00Z",
    ]
    server.start([*command, "--seed", "x"], os.environ, f"http://{LOOPBACK}:{port}", REPOSITORY)
    try:
        url = server.wait_until_ready()
        health = httpx.get(f"{url}/_world/health").json()
        assert (health["seed"], health["now"]) == ("x", 1_772_323_200)
    finally:
        assert server.stop()
