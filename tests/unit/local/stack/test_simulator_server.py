"""The simulated Stripe as the stack starts it: its clock, its endpoints and what a customer answers a bank."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import stripe

from demo import card_holder
from local.stack import simulator_server, travel
from local.stack.ports import LOOPBACK, free_port

SECRETS = {
    "/v1/commerce/webhooks/stripe": (simulator_server.PLATFORM_SECRET, simulator_server.ACCOUNTS_SECRET),
    "/v1/recovery/webhooks/stripe": (simulator_server.WEBHOOK_SECRET,),
}


class Inbox(HTTPServer):
    """Keeps what is genuine: path, which secret signed it, and type."""

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), Receiver)
        self.received: list[tuple[str, str, str]] = []
        self.arrived = threading.Condition()

    def wait_for(self, path: str, kind: str) -> str:
        """The secret that signed an event of that type which came there."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: self._found(path, kind), timeout=60)
        return self._found(path, kind)[0]

    def _found(self, path: str, kind: str) -> list[str]:
        return [secret for at, secret, type_ in self.received if (at, type_) == (path, kind)]


class Receiver(BaseHTTPRequestHandler):
    server: Inbox

    def do_POST(self) -> None:
        body, header = self.rfile.read(int(self.headers["Content-Length"])), self.headers["Stripe-Signature"]
        for secret in SECRETS[self.path]:
            try:
                event = stripe.Webhook.construct_event(body, header, secret)
            except stripe.SignatureVerificationError:
                continue
            with self.server.arrived:
                self.server.received.append((self.path, secret, event.type))
                self.server.arrived.notify_all()
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def url(tmp_path: Path, inbox: Inbox) -> Iterator[str]:
    server = simulator_server.start(os.environ, tmp_path, free_port())
    try:
        url = server.wait_until_ready()
        simulator_server.introduce(url, f"http://{LOOPBACK}:{inbox.server_port}")
        yield url
    finally:
        server.stop()


@pytest.fixture
def v1(url: str) -> Any:
    key = str(simulator_server.SECRET["api_key"])
    return stripe.StripeClient(key, base_addresses={"api": url}).v1


def test_a_payment_that_the_bank_asks_about_is_told_to_commerce(url: str, v1: Any, inbox: Inbox) -> None:
    wanted = {"amount": 5000, "currency": "eur", "payment_method": card_holder.ASKS, "confirm": True}
    asked = v1.payment_intents.create(wanted)
    assert asked.status == "requires_action"
    card_holder.answer_bank(url, asked.client_secret)
    path = "/v1/commerce/webhooks/stripe"
    assert inbox.wait_for(path, "payment_intent.succeeded") == simulator_server.PLATFORM_SECRET
    assert v1.payment_intents.retrieve(asked.id).status == "succeeded"


def test_an_account_that_is_onboarded_is_told_to_commerce(url: str, v1: Any, inbox: Inbox) -> None:
    asked = {"type": "express", "country": "DE", "capabilities": {"transfers": {"requested": True}}}
    account = v1.accounts.create(asked)
    simulator_server.tell(url, f"accounts/{account.id}/onboard", {})
    path = "/v1/commerce/webhooks/stripe"
    assert inbox.wait_for(path, "account.updated") == simulator_server.ACCOUNTS_SECRET


def test_its_clock_is_the_stacks(tmp_path: Path, v1: Any) -> None:
    wanted = {
        "amount": 5000,
        "currency": "usd",
        "payment_method": "pm_usBankAccount_success",
        "confirm": True,
    }
    made = v1.payment_intents.create(wanted)
    assert made.status == "processing"
    travel.travel(timedelta(days=4), tmp_path)
    assert v1.payment_intents.retrieve(made.id).status == "succeeded"
