"""Gaps of localstripe that the product meets, and the modules of local/localstripe that mend them."""

import http.server
import json
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe

from e2e.emulator.cloud import eventually, unique
from e2e.patience import PATIENCE
from local.stack import stripe_server, travel
from local.stack.ports import LOOPBACK, free_port

SECRET = "whsec_test"
SERVED = "served"
AHEAD = timedelta(days=1)  # of the true time, for all of them


def running(folder: Path, program: tuple[str, ...]) -> Iterator[str]:
    travel.travel(AHEAD, folder)
    server = stripe_server.start(os.environ, folder, free_port(), program)
    try:
        yield server.wait_until_ready()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def stock_payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from running(tmp_path_factory.mktemp("stock"), stripe_server.STOCK)


@pytest.fixture(scope="module")
def mended_payments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from running(tmp_path_factory.mktemp("mended"), stripe_server.MENDED)


@pytest.fixture
def payments(request: pytest.FixtureRequest) -> stripe.StripeClient:
    url: str = request.getfixturevalue(f"{request.param}_payments")
    return stripe.StripeClient("sk_test_12345", base_addresses={"api": url}, max_network_retries=0)


def stock_then_mended(stock: Any, mended: Any) -> pytest.MarkDecorator:
    """The stock case fails when upstream has mended the defect: then the module named like the test goes."""
    cases = [pytest.param("stock", stock, id="stock"), pytest.param("mended", mended, id="mended")]
    return pytest.mark.parametrize(("payments", "expected"), cases, indirect=["payments"])


def outcome(call: Callable[[], Any]) -> str:
    try:
        call()
    except stripe.StripeError as error:
        return type(error).__name__
    return SERVED


def intent(payments: stripe.StripeClient, method: str = "pm_card_visa", **more: Any) -> stripe.PaymentIntent:
    """A confirmed PaymentIntent of 10.00 for a new customer."""
    customer = payments.v1.customers.create({"name": "Ada"})
    attached = payments.v1.payment_methods.attach(method, {"customer": customer.id})
    wanted = {"amount": 1000, "currency": "usd", "customer": customer.id, "payment_method": attached.id}
    return payments.v1.payment_intents.create({**wanted, "confirm": True, **more})


@stock_then_mended(stock=(False, SERVED), mended=(True, "IdempotencyError"))
def test_idempotency(payments: stripe.StripeClient, expected: tuple[bool, str]) -> None:
    key: Any = {"idempotency_key": unique("key")}
    first, second = (payments.v1.customers.create({"name": "Ada"}, key) for _ in range(2))
    other = outcome(lambda: payments.v1.customers.create({"name": "Bob"}, key))
    assert (first.id == second.id, other) == expected


@stock_then_mended(stock="InvalidRequestError", mended=SERVED)
def test_payment_intents(payments: stripe.StripeClient, expected: str) -> None:
    assert outcome(lambda: intent(payments, description="A mug", receipt_email="a@example.com")) == expected


@stock_then_mended(stock="APIError", mended=SERVED)
def test_connect(payments: stripe.StripeClient, expected: str) -> None:
    assert outcome(lambda: payments.v1.accounts.create({"type": "express"})) == expected


@pytest.mark.parametrize("payments", ["mended"], indirect=True)
def test_a_destination_charge_transfers_what_the_fee_leaves(payments: stripe.StripeClient) -> None:
    account = payments.v1.accounts.create({"type": "express"})
    intent(payments, transfer_data={"destination": account.id}, application_fee_amount=150)
    made = [(one.amount, one.currency, one.destination) for one in payments.v1.transfers.list().data]
    assert (850, "usd", account.id) in made
    unknown: Any = {"amount": 1, "currency": "usd", "destination": "acct_nobody"}
    assert outcome(lambda: payments.v1.transfers.create(unknown)) == "InvalidRequestError"


@pytest.mark.parametrize("payments", ["mended"], indirect=True)
def test_a_transfer_is_found_by_its_group_and_comes_back_once(payments: stripe.StripeClient) -> None:
    account, group = payments.v1.accounts.create({"type": "express"}), unique("group")
    wanted: Any = {"amount": 900, "currency": "usd", "destination": account.id, "transfer_group": group}
    made = payments.v1.transfers.create({**wanted, "metadata": {"number": "1"}})
    found = list(payments.v1.transfers.list({"transfer_group": group, "limit": 100}).auto_paging_iter())
    assert [each.to_dict()["metadata"] for each in found] == [{"number": "1"}]
    back: Any = {"amount": 500, "metadata": {"number": "1"}}
    assert payments.v1.transfers.reversals.create(made.id, back).amount == 500
    assert outcome(lambda: payments.v1.transfers.reversals.create(made.id, back)) == "InvalidRequestError"
    (one,) = payments.v1.transfers.reversals.list(made.id, {"limit": 100}).auto_paging_iter()
    assert one.to_dict()["metadata"] == {"number": "1"}
    assert payments.v1.transfers.retrieve(made.id).amount_reversed == 500


@stock_then_mended(stock=SERVED, mended="InvalidRequestError")
def test_refunds(payments: stripe.StripeClient, expected: str) -> None:
    paid = intent(payments)
    refund: Any = {"payment_intent": paid.id, "amount": 700}
    assert outcome(lambda: payments.v1.refunds.create(refund)) == SERVED
    assert outcome(lambda: payments.v1.refunds.create(refund)) == expected


@stock_then_mended(stock=False, mended=True)
def test_clock(payments: stripe.StripeClient, expected: bool) -> None:
    """What is made has the stack's time; and so have signatures, which have the instant of what they sign."""
    made = datetime.fromtimestamp(payments.v1.customers.create({"name": "Ada"}).created or 0, UTC)
    assert (made - datetime.now(UTC) > AHEAD / 2) == expected


@pytest.mark.parametrize("payments", ["mended"], indirect=True)
def test_a_charge_has_the_metadata_of_its_intent(payments: stripe.StripeClient) -> None:
    paid = intent(payments, metadata={"order_id": "1"})
    charge = payments.v1.charges.retrieve(str(paid.latest_charge["id"]))  # localstripe shows it whole
    assert charge.metadata.to_dict() == {"order_id": "1"}


@stock_then_mended(stock="APIError", mended=SERVED)
def test_confirmations(payments: stripe.StripeClient, expected: str) -> None:
    customer = payments.v1.customers.create({"name": "Ada"})
    declined = payments.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    good = payments.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    wanted: Any = {"amount": 1000, "currency": "usd", "customer": customer.id, "payment_method": declined.id}
    made = payments.v1.payment_intents.create(wanted)
    assert outcome(lambda: payments.v1.payment_intents.confirm(made.id)) == "CardError"
    again: Any = {"payment_method": good.id}
    assert outcome(lambda: payments.v1.payment_intents.confirm(made.id, again)) == expected


class Inbox(http.server.BaseHTTPRequestHandler):
    """Takes webhooks and keeps those that are signed with the secret."""

    received: list[str] = []  # noqa: RUF012 (one inbox at a time)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], SECRET)
        self.received.append(event.type)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def inbox() -> Iterator[str]:
    server = http.server.HTTPServer((LOOPBACK, 0), Inbox)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{LOOPBACK}:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("payments", ["mended"], indirect=True)
def test_a_refund_is_told_in_signed_webhooks(
    payments: stripe.StripeClient, mended_payments: str, inbox: str
) -> None:
    hook = {"url": inbox, "secret": SECRET, "events": ["charge.refunded", "refund.created"]}
    httpx.post(
        f"{mended_payments}/_config/webhooks/test", content=json.dumps(hook), timeout=PATIENCE
    ).raise_for_status()
    payments.v1.refunds.create({"payment_intent": intent(payments).id})
    seen = eventually(lambda: sorted(Inbox.received), lambda types: len(types) == 2)
    assert seen == ["charge.refunded", "refund.created"]
