"""A Stripe for the shop's payments, on loopback: intents, refunds, idempotency keys and faults."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from support.commerce.fake_stripe_connect import Answer, FakeStripeConnect, described, listed
from support.commerce.fake_stripe_connect import error as _error

GOOD, DECLINED, BANK_ASKS, SLOW, PART = "pm_good", "pm_declined", "pm_asks", "pm_slow", "pm_part"
API_KEY, WEBHOOK_SECRET = "sk_test_till", "whsec_till"
SECRET = {"api_key": API_KEY, "platform_webhook_secrets": [WEBHOOK_SECRET]}


@dataclass
class FakeStripe:
    """What Stripe has of us. `fault` is asked before each call: it may give another answer."""

    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    fault: Callable[[str], Answer | None] | None = None
    lose: Callable[[str], bool] | None = None  # the answer to a call, which was carried out
    _answered: dict[str, tuple[str, Answer]] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: Any = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.connect = FakeStripeConnect(self._ids, self.tell)

    @property
    def received(self) -> int:
        return sum(each["amount_received"] for each in self.intents.values())

    @property
    def kept(self) -> int:
        return self.received - sum(each["amount"] for each in self.refunds if each["status"] == "succeeded")

    def answer(self, method: str, path: str, form: dict[str, str], key: str | None) -> Answer:
        with self._lock:
            self.calls.append(f"{method} {path}")
            failed = self.fault(f"{method} {path}") if self.fault else None
            if failed:
                return failed
            asked = json.dumps([path, form], sort_keys=True)
            if key and key in self._answered:
                was, before = self._answered[key]
                same = was == asked
                return before if same else _error(400, "idempotency_error", "idempotency_key_in_use")
            answer = self._act(method, path.strip("/").split("/")[1:], form)
            if key:
                self._answered[key] = asked, answer
            return answer

    def _act(self, method: str, parts: list[str], form: dict[str, str]) -> Answer:  # noqa: PLR0911 -- one line for each call
        match method, parts:
            case "POST", ["payment_intents"]:
                return 200, self._create(form)
            case "GET", ["payment_intents", name] if name in self.intents:
                return 200, self.intents[name]
            case "POST", ["payment_intents", name, "confirm"] if name in self.intents:
                return self._confirm(self.intents[name], form["payment_method"])
            case "POST", ["payment_intents", name, "cancel"] if name in self.intents:
                return self._cancel(self.intents[name])
            case "GET", ["refunds"]:
                found = [each for each in self.refunds if each["payment_intent"] == form["payment_intent"]]
                return listed(found, "/v1/refunds")
            case "POST", ["refunds"]:
                return self._refund(form)
            case _:
                return self.connect.answer(method, parts, form)

    def _create(self, form: dict[str, str]) -> dict[str, Any]:
        name = f"pi_{next(self._ids):08}"
        self.intents[name] = {
            "id": name,
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "amount_received": 0,
            "currency": form["currency"],
            "status": "requires_payment_method",
            "metadata": described(form),
            "client_secret": f"{name}_secret",
            "last_payment_error": None,
            "livemode": False,
        }
        return self.intents[name]

    def _confirm(self, intent: dict[str, Any], method: str) -> Answer:
        if intent["status"] in {"succeeded", "canceled", "processing"}:
            return _error(400, "invalid_request_error", "payment_intent_unexpected_state")
        if method not in {GOOD, DECLINED, BANK_ASKS, SLOW, PART}:
            return _error(400, "invalid_request_error", "resource_missing")
        intent["last_payment_error"] = None
        if method == DECLINED:
            declined = {"code": "card_declined", "decline_code": "insufficient_funds"}
            intent |= {"status": "requires_payment_method", "last_payment_error": declined}
            self.tell("payment_intent.payment_failed", intent)
            return _error(402, "card_error", "card_declined", decline_code="insufficient_funds")
        if method in {BANK_ASKS, SLOW}:
            intent["status"] = "requires_action" if method == BANK_ASKS else "processing"
            return 200, intent
        self.succeed(intent["id"], intent["amount"] // 2 if method == PART else None)
        return 200, intent

    def succeed(self, name: str, amount: int | None = None) -> None:
        """It is paid: by the customer's answer to the bank, or by the bank's own."""
        intent = self.intents[name]
        received = intent["amount"] if amount is None else amount
        intent |= {"status": "succeeded", "amount_received": received}
        self.tell("payment_intent.succeeded", intent)

    def _cancel(self, intent: dict[str, Any]) -> Answer:
        if intent["status"] in {"succeeded", "canceled", "processing"}:
            return _error(400, "invalid_request_error", "payment_intent_unexpected_state")
        intent["status"] = "canceled"
        self.tell("payment_intent.canceled", intent)
        return 200, intent

    def _refund(self, form: dict[str, str]) -> Answer:
        intent = self.intents[form["payment_intent"]]
        given = sum(
            each["amount"]
            for each in self.refunds
            if each["payment_intent"] == intent["id"] and each["status"] == "succeeded"
        )
        left = intent["amount_received"] - given
        amount = int(form.get("amount", left))
        if not 0 < amount <= left:
            return _error(400, "invalid_request_error", "charge_already_refunded")
        refund = {
            "id": f"re_{next(self._ids):08}",
            "object": "refund",
            "amount": amount,
            "status": "succeeded",
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "metadata": described(form),
        }
        self.refunds.append(refund)
        self.tell("charge.refunded", {**intent, "id": f"ch_{intent['id']}", "payment_intent": intent["id"]})
        return 200, refund

    def refund_by_hand(self, intent_id: str, amount: int) -> None:
        """A clerk gives so much back at Stripe's own page."""
        status, answer = self._refund({"payment_intent": intent_id, "amount": str(amount)})
        assert status == HTTPStatus.OK, answer

    def fail_refund(self, name: str) -> None:
        """The bank sends it back, days after."""
        refund = next(each for each in self.refunds if each["id"] == name)
        refund["status"] = "failed"
        self.tell("refund.failed", refund)

    def tell(self, kind: str, thing: dict[str, Any]) -> None:
        event = {"id": f"evt_{next(self._ids):08}", "object": "event", "type": kind, "livemode": False}
        self.events.append({**event, "data": {"object": dict(thing)}})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._reply("GET", dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self._reply("POST", dict(parse_qsl(body)))

    def _reply(self, method: str, form: dict[str, str]) -> None:
        stripe, path = self.server.stripe, urlsplit(self.path).path
        status, body = stripe.answer(method, path, form, self.headers.get("idempotency-key"))
        if stripe.lose and stripe.lose(f"{method} {path}"):
            self.close_connection = True
            return
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Nothing is said."""


@contextmanager
def opened() -> Iterator[tuple[FakeStripe, str]]:
    """A till, and where it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.stripe = FakeStripe()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.stripe, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
