"""The real Stripe library talks to the simulation over loopback, and cannot tell."""

import json
import os
import sys
import threading

import httpx
import pytest
import stripe

from local.places import REPOSITORY
from local.ports import LOOPBACK, free_port
from local.processes import Server
from local.stripe_world import charging, reversals, settling, subscribers
from local.stripe_world.faults import Fault
from local.stripe_world.model import Shape
from local.stripe_world.server import serve
from local.stripe_world.simulation import Simulation
from stripe_world_shop import DAY, opened


class Served:
    """A shop, its server and a client of it."""

    def __init__(self, simulation, shop, url):
        self.simulation, self.shop, self.url = simulation, shop, url
        self.options = {"stripe_account": shop.account.id}
        self.v1 = self.client().v1

    def client(self, key="sk_test_1", **options):
        bases = {"api": self.url, "connect": self.url, "files": self.url, "meter_events": self.url}
        return stripe.StripeClient(key, base_addresses=bases, client_id="ca_1", **options)

    def keyed(self, key):
        return {**self.options, "idempotency_key": key}

    def world(self, path, /, **asked):
        return httpx.post(f"{self.url}/_world/{path}", json=asked, timeout=10)

    def failed(self, decline="insufficient_funds"):
        self.shop.declines(decline)
        return self.shop.renew()


@pytest.fixture
def served():
    shop = opened()
    simulation = Simulation(shop.world)
    with serve(simulation) as url:
        yield Served(simulation, shop, url)


def test_a_world_is_served():
    shop = opened()
    with serve(shop.world) as url:
        assert httpx.get(f"{url}/_world/health").json()["now"] == shop.world.now


def test_an_invoice_with_what_is_expanded(served):
    invoice = served.failed()
    expand = ["payments.data.payment.payment_intent.latest_charge", "customer", "lines"]
    got = served.v1.invoices.retrieve(invoice.id, {"expand": expand}, served.options)
    assert (got.status, got.customer.email) == ("open", "ada@example.com")
    intent = got.payments.data[0].payment.payment_intent
    assert intent.latest_charge.outcome.network_decline_code == "51"
    plain = served.v1.invoices.retrieve(invoice.id, None, served.options)
    assert plain.customer == served.shop.customer.id
    assert "payments" not in plain
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        served.v1.invoices.retrieve(invoice.id, {"expand": ["nonsense"]}, served.options)


def test_the_shape_follows_the_version_asked_for(served):
    invoice = served.failed()
    options = {**served.options, "stripe_version": Shape.ACACIA}
    assert served.v1.invoices.retrieve(invoice.id, None, options).payment_intent == invoice.intent


def test_everything_that_hangs_on_an_invoice(served):
    v1, options, invoice = served.v1, served.options, served.failed()
    by_intent = {"payment": {"type": "payment_intent", "payment_intent": invoice.intent}}
    (payment,) = v1.invoice_payments.list(by_intent, options).data
    assert [each.id for each in v1.invoice_payments.list({"invoice": invoice.id}, options)] == [payment.id]
    (charge,) = v1.charges.list({"payment_intent": invoice.intent}, options).data
    assert v1.charges.retrieve(charge.id, None, options).failure_code == "card_declined"
    assert v1.payment_intents.retrieve(invoice.intent, None, options).last_payment_error.charge == charge.id
    subscription = v1.subscriptions.retrieve(invoice.subscription, None, options)
    assert (subscription.status, subscription["items"].data[0].quantity) == ("past_due", 1)
    customer = v1.customers.retrieve(invoice.customer, None, options)
    assert (customer.metadata["timezone"], customer.address.country) == ("Europe/Berlin", "US")
    card = v1.payment_methods.retrieve(customer.invoice_settings.default_payment_method, None, options)
    assert card.card.fingerprint == charge.payment_method_details.card.fingerprint
    assert [each.id for each in v1.customers.payment_methods.list(customer.id, None, options)] == [card.id]
    assert v1.disputes.list({"charge": charge.id}, options).data == []


def test_paying(served):
    invoice = served.failed()
    served.shop.card.episodes = []
    paid = served.v1.invoices.pay(invoice.id, {"off_session": True}, served.keyed("k"))
    assert (paid.status, paid.amount_paid) == ("paid", 1900)
    again = served.v1.invoices.pay(invoice.id, {"off_session": True}, served.keyed("k"))
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(served.shop.charges()) == 2
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        served.v1.invoices.pay(invoice.id, None, served.options)


def test_a_decline_is_a_card_error_and_is_replayed(served):
    invoice = served.failed()
    for replayed in (None, "true"):
        with pytest.raises(stripe.CardError) as refused:
            served.v1.invoices.pay(invoice.id, None, served.keyed("k"))
        error = refused.value.error
        assert (refused.value.http_status, error.code) == (402, "card_declined")
        assert (error.decline_code, error.advice_code) == ("insufficient_funds", "try_again_later")
        assert error.payment_intent.id == invoice.intent
        assert refused.value.headers.get("idempotent-replayed") == replayed
    assert len(served.shop.charges()) == 2
    assert [made.replayed for made in served.simulation.made] == [False, True]


def test_a_key_is_kept_for_a_day_and_for_one_request(served):
    invoice = served.failed()
    with pytest.raises(stripe.CardError):
        served.v1.invoices.pay(invoice.id, None, served.keyed("k"))
    with pytest.raises(stripe.IdempotencyError):
        served.v1.invoices.pay(invoice.id, {"off_session": False}, served.keyed("k"))
    served.shop.world.advance(served.shop.world.now + DAY)
    with pytest.raises(stripe.CardError):
        served.v1.invoices.pay(invoice.id, None, served.keyed("k"))
    assert len(served.shop.charges()) == 3


def test_three_d_secure_is_asked_for(served):
    invoice = served.failed("authentication_required")
    with pytest.raises(stripe.CardError) as refused:
        served.v1.invoices.pay(invoice.id, None, served.options)
    assert refused.value.code == "invoice_payment_intent_requires_action"
    assert refused.value.error.payment_intent.status == "requires_action"


def test_paying_with_a_card_of_someone_else_or_with_none(served):
    invoice = served.failed()
    stranger = subscribers.new_customer(served.shop.world, served.shop.account)
    card = subscribers.new_card(served.shop.world, stranger)
    with pytest.raises(stripe.InvalidRequestError, match="does not belong"):
        served.v1.invoices.pay(invoice.id, {"payment_method": card.id}, served.options)
    subscribers.detach(served.shop.world, served.shop.card)
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        served.v1.invoices.pay(invoice.id, None, served.options)
    own = subscribers.new_card(served.shop.world, served.shop.customer, default=False)
    assert served.v1.invoices.pay(invoice.id, {"payment_method": own.id}, served.options).status == "paid"


def test_what_a_merchant_does_with_an_invoice(served):
    v1, options = served.v1, served.options
    voided = v1.invoices.void_invoice(served.failed().id, None, options)
    assert voided.status_transitions.voided_at == served.shop.world.now
    second, third = served.failed(), served.failed()
    assert v1.invoices.mark_uncollectible(second.id, None, options).status == "uncollectible"
    assert v1.invoices.update(third.id, {"auto_advance": False}, options).auto_advance is False
    assert v1.invoices.pay(third.id, {"paid_out_of_band": True}, options).status == "paid"
    listed = v1.invoices.list({"customer": served.shop.customer.id, "limit": 2}, options)
    assert ([each.id for each in listed.data], listed.has_more) == ([third.id, second.id], True)
    assert len(list(listed.auto_paging_iter())) == 3
    assert [each.id for each in v1.invoices.list({"status": "void"}, options)] == [voided.id]


def test_subscriptions_change(served):
    v1, options, subscription = served.v1, served.options, served.shop.subscription
    updated = v1.subscriptions.update(
        subscription.id,
        {"cancel_at_period_end": True, "default_payment_method": served.shop.card.id},
        options,
    )
    assert (updated.cancel_at_period_end, updated.default_payment_method) == (True, served.shop.card.id)
    assert len(v1.subscriptions.list({"customer": subscription.customer}, options).data) == 1
    assert v1.subscriptions.cancel(subscription.id, None, options).status == "canceled"
    assert v1.subscriptions.list({"customer": subscription.customer}, options).data == []
    assert len(v1.subscriptions.list({"status": "all"}, options).data) == 1


def test_money_that_goes_back(served):
    served.shop.renew()
    charge = served.shop.charges()[-1]
    refund = served.v1.refunds.create({"payment_intent": charge.intent, "amount": 400}, served.options)
    reversals.dispute(served.shop.world, charge)
    got = served.v1.charges.retrieve(charge.id, {"expand": ["refunds"]}, served.options)
    assert (got.amount_refunded, got.disputed, got.refunds.data[0].id) == (400, True, refund.id)
    assert len(served.v1.disputes.list({"payment_intent": charge.intent}, served.options).data) == 1
    assert len(served.v1.refunds.list({"charge": charge.id}, served.options).data) == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        served.v1.refunds.create({"charge": charge.id, "amount": 1501}, served.options)
    assert refused.value.param == "amount"


def test_credit(served):
    invoice = served.failed()
    note = served.v1.credit_notes.create({"invoice": invoice.id, "amount": 900}, served.options)
    assert served.v1.credit_notes.list({"invoice": invoice.id}, served.options).data[0].id == note.id
    assert served.v1.invoices.retrieve(invoice.id, None, served.options).amount_remaining == 1000


def test_oauth(served):
    account, oauth = served.shop.account, served.client().oauth
    code = served.world(f"accounts/{account.id}/authorize").json()["code"]
    token = oauth.token({"grant_type": "authorization_code", "code": code})
    assert (token.stripe_user_id, token.livemode, token.scope) == (account.id, True, "read_write")
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        oauth.token({"grant_type": "authorization_code", "code": code})
    late = served.world(f"accounts/{account.id}/authorize").json()["code"]
    served.world("clock", advance=301)
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        oauth.token({"grant_type": "authorization_code", "code": late})
    with pytest.raises(stripe.oauth_error.UnsupportedGrantTypeError):
        oauth.token({"grant_type": "password"})
    assert oauth.deauthorize({"stripe_user_id": account.id}).stripe_user_id == account.id
    assert served.shop.types()[-1] == "account.application.deauthorized"
    with pytest.raises(stripe.PermissionError):
        served.v1.customers.retrieve(served.shop.customer.id, None, served.options)
    with pytest.raises(stripe.oauth_error.InvalidClientError):
        oauth.deauthorize({"stripe_user_id": account.id})


def test_who_may_not(served):
    customer = served.shop.customer.id
    for key in ("nonsense", "pk_test_1"):
        with pytest.raises(stripe.AuthenticationError):
            served.client(key).v1.customers.retrieve(customer, None, served.options)
    with pytest.raises(stripe.PermissionError):
        served.v1.customers.retrieve(customer, None, {"stripe_account": "acct_unknown"})
    other = served.shop.world.open_account()
    for options in ({"stripe_account": other.id}, {}):
        with pytest.raises(stripe.InvalidRequestError) as missing:
            served.v1.customers.retrieve(customer, None, options)
        assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


def test_what_stripe_does_not_know(served):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        served.v1.customers.list({"nonsense": 1}, served.options)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "nonsense")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        served.v1.products.list(None, served.options)


def test_the_log_of_events(served):
    served.failed()
    (event,) = served.v1.events.list({"type": "invoice.payment_failed"}, served.options).data
    assert served.v1.events.retrieve(event.id, None, served.options).data.object["attempt_count"] == 1


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("down", stripe.APIConnectionError),
        ("rate_limited", stripe.RateLimitError),
        ("broken", stripe.APIError),
    ],
)
def test_a_fault_lasts_for_its_calls_and_does_nothing(served, kind, expected):
    invoice = served.failed()
    served.shop.card.episodes = []
    served.simulation.faults.add(Fault(kind=kind, path="/v1/invoices/.*", method="POST", calls=1))
    client = served.client(max_network_retries=0).v1
    assert client.invoices.retrieve(invoice.id, None, served.options).status == "open"
    with pytest.raises(expected):
        client.invoices.pay(invoice.id, None, served.keyed("k"))
    assert len(served.shop.charges()) == 1
    assert client.invoices.pay(invoice.id, None, served.keyed("k")).status == "paid"


def test_a_lost_response_was_done_and_is_had_with_the_same_key(served):
    invoice = served.failed()
    served.simulation.faults.add(Fault(kind="lost", calls=1))
    client = served.client(max_network_retries=0).v1
    with pytest.raises(stripe.APIConnectionError):
        client.invoices.pay(invoice.id, None, served.keyed("k"))
    assert (len(served.shop.charges()), served.simulation.made[-1].status) == (2, None)
    with pytest.raises(stripe.CardError):
        client.invoices.pay(invoice.id, None, served.keyed("k"))
    assert len(served.shop.charges()) == 2


def test_a_failure_that_its_key_keeps(served):
    invoice = served.failed()
    served.simulation.faults.add(Fault(kind="broken_for_good", calls=1))
    client = served.client(max_network_retries=0).v1
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.invoices.pay(invoice.id, None, served.keyed("k"))
    with pytest.raises(stripe.CardError):
        client.invoices.pay(invoice.id, None, served.keyed("l"))


def test_two_at_once_with_one_key(served):
    invoice = served.failed()
    served.simulation.faults.add(Fault(kind="slow", calls=1, milliseconds=700))
    client, results = served.client(max_network_retries=0).v1, []

    def pay():
        try:
            client.invoices.pay(invoice.id, None, served.keyed("k"))
        except stripe.StripeError as error:
            results.append(error.http_status)

    both = [threading.Thread(target=pay) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(results) == [402, 409]
    assert len(served.shop.charges()) == 2


def test_a_fault_that_is_none(served):
    assert served.world("fault", kind="nonsense").status_code == 400
    assert served.world("fault", kind="down", path="(").status_code == 400
    assert served.world("fault", kind="down").json()[0]["calls"] is None
    assert served.world("mend").json() == []
    assert served.v1.invoices.list(None, served.options).data == []


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


def test_a_settled_invoice_refuses_by_name(served):
    invoice = served.failed()
    settling.void(served.shop.world, invoice)
    with pytest.raises(stripe.InvalidRequestError, match="void"):
        served.v1.invoices.pay(invoice.id, None, served.options)
    assert charging.paying_card(served.shop.world, invoice) is served.shop.card
    assert json.dumps(served.world("calls").json())


def test_customers_and_cards_change(served):
    v1, options, customer = served.v1, served.options, served.shop.customer
    second = subscribers.new_card(served.shop.world, customer, default=False)
    params = {
        "email": "new@example.com",
        "metadata": {"k": "v"},
        "invoice_settings": {"default_payment_method": second.id},
    }
    changed = v1.customers.update(customer.id, params, options)
    assert (changed.email, changed.metadata["k"]) == ("new@example.com", "v")
    assert changed.invoice_settings.default_payment_method == second.id
    assert [each.id for each in v1.customers.list({"email": "new@example.com"}, options)] == [customer.id]
    assert v1.payment_methods.detach(second.id, None, options).customer is None
    assert customer.default_payment_method is None


def test_a_draft_is_finalized_and_a_dispute_accepted(served):
    drafted = subscribers.renew(served.shop.world, served.shop.subscription)
    assert served.v1.invoices.finalize_invoice(drafted.id, None, served.options).status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        served.v1.invoices.finalize_invoice(drafted.id, None, served.options)
    charge = served.shop.charges()[-1]
    dispute = reversals.dispute(served.shop.world, charge)
    assert served.v1.disputes.close(dispute.id, None, served.options).status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        served.v1.disputes.close(dispute.id, None, served.options)
    for listed in (served.v1.disputes, served.v1.refunds, served.v1.charges, served.v1.payment_intents):
        assert {each.object for each in listed.list(None, served.options)} <= {
            "dispute",
            "charge",
            "payment_intent",
        }


def test_lists_within_a_time(served):
    first = served.failed()
    served.shop.world.advance(served.shop.world.now + DAY)
    second = served.failed()
    both = {"customer": served.shop.customer.id}
    for bound, found in (("gt", [second]), ("gte", [second, first]), ("lt", []), ("lte", [first])):
        listed = served.v1.invoices.list({**both, "created": {bound: first.created}}, served.options)
        assert [each.id for each in listed] == [each.id for each in found]
    for wrong in ({"limit": 0}, {"limit": 101}, {"starting_after": "in_unknown"}):
        with pytest.raises(stripe.InvalidRequestError):
            served.v1.invoices.list(wrong, served.options)


def test_the_platform_sees_the_account(served):
    assert served.client().v1.accounts.retrieve(served.shop.account.id).country == "US"


def test_the_programme_serves_until_it_is_ended(tmp_path):
    port = free_port()
    server = Server("stripe_world", tmp_path, "/_world/health", 60)
    command = [
        sys.executable,
        "-m",
        "local.stripe_world",
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
