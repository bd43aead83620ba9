"""A connected account at the simulated Stripe, for tests: what people and banks do there, in the tests' words."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from recovery.invoice.state import InvoiceState
from recovery.stripe.gateway import Gateway
from stripe_simulator import charging, invoices, reversals, settling, standing, subscribers
from stripe_simulator.model import (
    Account,
    Card,
    Charge,
    Customer,
    Episode,
    Invoice,
    Shape,
    SmartRetries,
    Subscription,
)
from stripe_simulator.platform.model import Dispute
from stripe_simulator.simulation import Request, Simulation
from stripe_simulator.world import START, World

BEGIN = datetime.fromtimestamp(START, UTC)


@dataclass
class StripeAccountWorld:
    """Everything is of one account, unless another is opened."""

    simulation: Simulation = field(default_factory=Simulation)
    shape: Shape = Shape.BASIL

    def __post_init__(self) -> None:
        self._account: Account | None = None

    @property
    def world(self) -> World:
        return self.simulation.world

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = self.world.open_account(self.shape)
        return self._account

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.world.now, UTC)

    def forward(self, **by: float) -> None:
        self.world.advance(self.world.now + int(timedelta(**by).total_seconds()))

    def customer(self, **fields: Any) -> Customer:
        given = {"email": "ann@customer.example", "name": "Ann"} | fields
        return subscribers.new_customer(self.world, self.account, **given)

    def card(self, customer: Customer, declines: str | None = None, **fields: Any) -> Card:
        card = subscribers.new_card(self.world, customer, **fields)
        self.behave(card, declines)
        return card

    def behave(self, card: Card, declines: str | None = None) -> None:
        """From now on it is declined so, or not at all."""
        card.episodes, card.refused_for_good = [Episode(decline=declines)] if declines else [], False

    def subscription(self, declines: str | None = None, amount: int = 2_000, **fields: Any) -> Subscription:
        """A subscription of a customer with one card."""
        customer = self.customer()
        self.card(customer, declines)
        return subscribers.subscribe(self.world, customer, amount, **fields)

    def renewed(self, subscription: Subscription) -> Invoice:
        """Its next invoice, finalized and charged."""
        return subscribers.renew(self.world, subscription, at_once=True)

    def failed_renewal(
        self, declines: str = "insufficient_funds", amount: int = 2_000, **fields: Any
    ) -> Invoice:
        return self.renewed(self.subscription(declines, amount, **fields))

    def billed(self, declines: str | None = None, amount: int = 2_000) -> Invoice:
        """An invoice of no subscription, charged at once."""
        customer = self.customer()
        self.card(customer, declines)
        return invoices.bill_once(self.world, customer, amount)

    def first_invoice(self, declines: str | None = None, amount: int = 2_000) -> Invoice:
        """Of a subscription that begins with it."""
        subscription = self.subscription(declines, amount, charge_now=True)
        return self.world.get(Invoice, subscription.latest_invoice or self._first(subscription))

    def _first(self, subscription: Subscription) -> str:
        return next(each.id for each in self.world.all(Invoice) if each.subscription == subscription.id)

    def not_advanced(self, declines: str) -> Invoice:
        """The merchant turned automatic collection off."""
        invoice = self.failed_renewal(declines)
        invoice.auto_advance = False
        return invoice

    def subscription_of(self, invoice: Invoice) -> Subscription:
        found = standing.of(self.world, invoice)
        assert found
        return found

    def customer_of(self, invoice: Invoice) -> Customer:
        return self.world.get(Customer, invoice.customer)

    def card_of(self, invoice: Invoice) -> Card:
        card = charging.paying_card(self.world, invoice)
        assert card
        return card

    def charges(self, invoice: Invoice) -> list[Charge]:
        return [each for each in self.world.all(Charge) if each.invoice == invoice.id]

    def new_card(self, invoice: Invoice, declines: str | None = None, **fields: Any) -> Card:
        """The customer gives another card, which becomes the default."""
        return self.card(self.customer_of(invoice), declines, **fields)

    def updated_by_network(self, invoice: Invoice, last4: str | None = None) -> None:
        subscribers.update_automatically(self.world, self.card_of(invoice), 8, 2030, last4)

    def retried_by_stripe(self, invoice: Invoice) -> None:
        charging.attempt(self.world, invoice, "smart_retry")

    def charged_by_api(self, invoice: Invoice, card: Card | None = None) -> None:
        charging.attempt(self.world, invoice, "api", card)

    def paid_by_customer(self, invoice: Invoice, card: Card | None = None, part: int | None = None) -> None:
        charging.attempt(self.world, invoice, "customer", card, part)

    def paid_out_of_band(self, invoice: Invoice) -> None:
        settling.pay_out_of_band(self.world, invoice)

    def voided(self, invoice: Invoice) -> None:
        settling.void(self.world, invoice)

    def uncollectible(self, invoice: Invoice) -> None:
        settling.mark_uncollectible(self.world, invoice)

    def credited(self, invoice: Invoice, amount: int | None = None) -> None:
        settling.credit(self.world, invoice, invoice.remaining if amount is None else amount)

    def cancelled(self, invoice: Invoice, reason: str = "cancellation_requested") -> None:
        standing.end(self.world, self.subscription_of(invoice), reason)

    def cancelled_at_period_end(self, invoice: Invoice) -> None:
        subscribers.cancel_at_period_end(self.world, self.subscription_of(invoice))

    def refunded(self, invoice: Invoice, amount: int | None = None) -> None:
        reversals.refund(self.world, self._paid(invoice), amount)

    def disputed(self, invoice: Invoice, amount: int | None = None) -> Dispute:
        return reversals.dispute(self.world, self._paid(invoice), amount)

    def dispute_closed(self, dispute: Dispute, *, won: bool) -> None:
        reversals.close_dispute(self.world, dispute, "won" if won else "lost")

    def fetch(self, invoice: Invoice, at: datetime | None = None) -> InvoiceState:
        """How the gateway would find it, without a network."""
        with self.without_network():
            return Gateway(self.account.id).fetch(invoice.id, at or self.now)

    @contextmanager
    def without_network(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "recovery.stripe.gateway.stripe_client.call", lambda work: work(_Client(self.simulation))
            )
            yield

    def _paid(self, invoice: Invoice) -> Charge:
        return next(each for each in self.charges(invoice) if each.decline is None)


@dataclass(frozen=True)
class _Client:
    """As much of Stripe's client as the gateway uses, answered in process; `v1` is all the services."""

    simulation: Simulation

    def __getattr__(self, service: str) -> "_Client | _Service":
        return self if service == "v1" else _Service(self.simulation, service)


@dataclass(frozen=True)
class _Service:
    simulation: Simulation
    name: str

    def retrieve(self, identifier: str, params: dict, options: dict) -> "_Object":
        return self._ask("GET", f"/v1/{self.name}/{identifier}", params, options)

    def list(self, params: dict, options: dict) -> "_Object":
        return self._ask("GET", f"/v1/{self.name}", params, options)

    def void_invoice(self, identifier: str, params: dict, options: dict) -> "_Object":
        return self._ask("POST", f"/v1/invoices/{identifier}/void", params, options)

    def _ask(self, method: str, path: str, params: dict, options: dict) -> "_Object":
        encoded = urlencode(list(_flat(params)))
        headers = {"authorization": "Bearer sk_test", "stripe-account": options["stripe_account"]}
        target, body = (f"{path}?{encoded}", "") if method == "GET" else (path, encoded)
        answer = self.simulation.answer(Request(method=method, target=target, headers=headers, body=body))
        assert answer
        assert answer.status == 200, answer.body
        return _Object(json.loads(json.dumps(answer.body)))


@dataclass(frozen=True)
class _Object:
    body: dict

    def to_dict(self) -> dict:
        return self.body


def _flat(params: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    pairs = params.items() if isinstance(params, dict) else enumerate(params)
    for name, value in pairs:
        key = f"{prefix}[{name}]" if prefix else str(name)
        if isinstance(value, dict | list):
            yield from _flat(value, key)
        else:
            yield key, str(value).lower() if isinstance(value, bool) else str(value)


__all__ = ["BEGIN", "Shape", "SmartRetries", "StripeAccountWorld"]
