"""Stripe, as recovery uses it: how things stand with an invoice, and what is done to it.

Every call is made with the platform's key for one connected account (`Stripe-Account`), so that no access
token is kept. Raises `PaymentFailed`: `Declined` by the issuer; `RetryLater`, nothing was
done; `UnknownOutcome`, ask again with the same key; `Misused`, refused (`disconnected`: the whole account).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recovery.invoice import json, reader
from recovery.invoice.charges import StripeObjects
from recovery.invoice.json import Raw
from recovery.invoice.state import InvoiceState
from troupe.stripe import client as stripe_client
from troupe.stripe.client import Misused

PAGE = 100
MOST = 300  # charges of one PaymentIntent: more than there ever are
GONE = "resource_missing"
EXPANDED = (  # four levels at most (https://docs.stripe.com/expand)
    "payments.data.payment.payment_intent",
    "default_payment_method",
    "default_source",
    "parent.subscription_details.subscription.default_payment_method",
    "parent.subscription_details.subscription.default_source",
    "customer.invoice_settings.default_payment_method",
    "customer.default_source",
)

NEXT_CHARGED = (
    "default_payment_method",
    "default_source",
    "customer.invoice_settings.default_payment_method",
    "customer.default_source",
)


class UnknownInvoice(LookupError):  # noqa: N818 -- an answer, not a fault
    """There is no such invoice in that account."""


def disconnected(failed: stripe_client.PaymentFailed) -> bool:
    """Whether Stripe refused because we may not act for the account, rather than the call (403)."""
    import stripe  # noqa: PLC0415 -- loaded by the call that failed

    return isinstance(failed, Misused) and isinstance(failed.__cause__, stripe.PermissionError)


@dataclass(frozen=True, slots=True)
class Gateway:
    """One connected account at Stripe."""

    account_id: str

    # How things stand

    def fetch(self, invoice_id: str, fetched_at: datetime) -> InvoiceState:
        """The invoice and all that belongs to it: two calls, and one for each dispute or further part.

        `fetched_at` is before the first of them. Raises `UnknownInvoice`.
        """
        invoice = self._get("invoices", invoice_id, expand=EXPANDED)
        if invoice is None:
            raise UnknownInvoice(invoice_id)
        intents = tuple(self._intents(invoice))
        charges = tuple(self._charges(invoice, intents))
        customer = self._expanded(invoice, "customers", "customer") or {}
        subscription = self._subscription(invoice)
        found = StripeObjects(
            invoice=invoice,
            customer=customer,
            subscription=subscription,
            method=self._method(invoice, subscription, customer),
            intents=intents,
            charges=charges,
            disputes=tuple(self._of_charges("disputes", charges, "disputed")),
            refunds=tuple(self._of_charges("refunds", charges, "amount_refunded")),
        )
        return reader.invoice_state(self.account_id, fetched_at, found)

    def owed(self, customer_id: str, currency: str, at: datetime) -> int:
        """What a customer has failed to pay by an instant, on all invoices of a currency."""
        asked = {"customer": customer_id, "status": "open", "limit": PAGE}
        return sum(
            json.amount(each, "amount_remaining")
            for each in self._list("invoices", asked)
            if (json.text(each, "currency") or "").upper() == currency and _overdue(each, at)
        )

    def invoice_of(self, payment_intent_id: str) -> str | None:
        """The invoice that a PaymentIntent pays; None where it pays none."""
        asked = {"payment": {"type": "payment_intent", "payment_intent": payment_intent_id}, "limit": 1}
        links = self._list("invoice_payments", asked)
        return next((json.identifier(each, "invoice") for each in links), None)

    def intent_of(self, charge_id: str) -> str | None:
        """The PaymentIntent that a charge was made by."""
        charge = self._get("charges", charge_id)
        return None if charge is None else json.identifier(charge, "payment_intent")

    def subscription_ids(self, customer_id: str) -> list[str]:
        """The subscriptions of a customer that have not ended; at most a page."""
        asked = {"customer": customer_id, "limit": PAGE}
        found = (json.text(each, "id") for each in self._list("subscriptions", asked, most=PAGE))
        return [each for each in found if each]

    def subscriptions(self, after: str | None, most: int = PAGE) -> tuple[list[Raw], str | None]:
        """A page of those that have not ended, each as `subscription` has it, and where the next begins."""
        expanded = [f"data.{each}" for each in NEXT_CHARGED]
        asked = {"limit": most, "expand": expanded, **({"starting_after": after} if after else {})}
        page = self._page("subscriptions", asked)
        found = list(json.listed(page))
        last = json.text(found[-1], "id") if found and json.flag(page, "has_more") else None
        return found, last

    def subscription(self, subscription_id: str) -> Raw | None:
        """With what its next charge would take."""
        return self._get("subscriptions", subscription_id, expand=NEXT_CHARGED)

    # What is done

    def pay_invoice(self, invoice_id: str, payment_method_id: str | None, idempotency_key: str) -> Raw:
        """Charge what remains, off session. Raises `Declined` when the charge failed."""
        chosen = {"payment_method": payment_method_id} if payment_method_id else {}
        asked = {"off_session": True, **chosen}
        options = self._options(idempotency_key)
        return _call(lambda client: client.v1.invoices.pay(invoice_id, asked, options))

    def void_invoice(self, invoice_id: str, idempotency_key: str) -> Raw:
        options = self._options(idempotency_key)
        return _call(lambda client: client.v1.invoices.void_invoice(invoice_id, {}, options))

    # How it is asked

    def _options(self, idempotency_key: str | None = None) -> Any:
        key = {"idempotency_key": idempotency_key} if idempotency_key else {}
        return {"stripe_account": self.account_id, **key}

    def _get(self, service: str, identifier: str, expand: Sequence[str] = ()) -> Raw | None:
        """One object; None where there is none."""
        asked, options = {"expand": list(expand)} if expand else {}, self._options()
        try:
            return _call(lambda client: getattr(client.v1, service).retrieve(identifier, asked, options))
        except Misused as refused:
            if refused.code == GONE:
                return None
            raise

    def _list(self, service: str, asked: Mapping[str, Any], most: int = MOST) -> list[Raw]:
        """The objects of a list, page after page, up to so many."""
        found: list[Raw] = []
        more: dict[str, Any] = {}
        while True:
            page = self._page(service, {**asked, **more})
            found += json.listed(page)
            last = json.text(found[-1], "id") if found else None
            if not json.flag(page, "has_more") or last is None or len(found) >= most:
                return found[:most]
            more = {"starting_after": last}

    def _page(self, service: str, asked: Mapping[str, Any]) -> Raw:
        options = self._options()
        return _call(lambda client: getattr(client.v1, service).list(dict(asked), options))

    def _expanded(self, raw: Raw, service: str, *path: str) -> Raw | None:
        """An object that was expanded; asked for by its id where it was not."""
        found = json.nested(raw, *path)
        named = json.text(raw, *path)
        return found or (self._get(service, named) if named else None)

    def _subscription(self, invoice: Raw) -> Raw | None:
        for path in (("parent", "subscription_details", "subscription"), ("subscription",)):
            found = self._expanded(invoice, "subscriptions", *path)
            if found:
                return found
        named = json.invoice_subscription_id(invoice)
        return self._get("subscriptions", named) if named else None

    def _method(self, invoice: Raw, subscription: Raw | None, customer: Raw) -> Raw | None:
        """The one that Stripe would charge, by its order of precedence (S-23).

        https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority
        """
        places = (
            (invoice, ("default_payment_method",)),
            (invoice, ("default_source",)),
            (subscription or {}, ("default_payment_method",)),
            (subscription or {}, ("default_source",)),
            (customer, ("invoice_settings", "default_payment_method")),
            (customer, ("default_source",)),
        )
        for raw, path in places:
            found = self._expanded(raw, "payment_methods", *path)
            if found:
                return found
        return None

    def _intents(self, invoice: Raw) -> Iterator[Raw]:
        """Of all its payments, of which the invoice brings the first few."""
        parts = list(json.listed(invoice, "payments"))
        if json.flag(invoice, "payments", "has_more"):
            asked = {"invoice": json.text(invoice, "id"), "limit": PAGE}
            parts = self._list("invoice_payments", {**asked, "expand": ["data.payment.payment_intent"]})
        known = {json.text(each, "id"): each for each in _inside(parts)}
        for named in json.invoice_payment_intent_ids({**invoice, "payments": parts}):
            intent = known.get(named) or self._get("payment_intents", named)
            if intent:
                yield intent

    def _charges(self, invoice: Raw, intents: Sequence[Raw]) -> Iterator[Raw]:
        """All that were made by its PaymentIntents, and those that it names beside them."""
        seen: set[str | None] = set()
        for intent in intents:
            if json.identifier(intent, "latest_charge") is None and not json.intent_charges(intent):
                continue
            asked = {"payment_intent": json.text(intent, "id"), "limit": PAGE}
            for charge in self._list("charges", asked):
                seen.add(json.text(charge, "id"))
                yield charge
        for named in json.invoice_charge_ids(invoice):
            combined = None if named in seen else self._get("charges", named)
            if combined:
                yield combined

    def _of_charges(self, service: str, charges: Sequence[Raw], told_by: str) -> Iterator[Raw]:
        for charge in charges:
            if json.at(charge, told_by):
                yield from self._list(service, {"charge": json.text(charge, "id"), "limit": PAGE})


def _overdue(invoice: Raw, at: datetime) -> bool:
    """Charged in vain, or not paid by hand in time."""
    due_at = json.instant(invoice, "due_date")
    return json.flag(invoice, "attempted") or (due_at is not None and due_at <= at)


def _inside(parts: Sequence[Raw]) -> Iterator[Raw]:
    for part in parts:
        intent = json.nested(part, "payment", "payment_intent")
        if intent:
            yield intent


def _call(work: Callable[[Any], Any]) -> Raw:
    answer: Any = stripe_client.call(work)
    raw: Raw = answer.to_dict()
    return raw
