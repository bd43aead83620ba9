"""Which call of the API does what, and which parameters it knows; others are refused, as Stripe does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from stripe_simulator import actions
from stripe_simulator.api import platform, reads
from stripe_simulator.api.calls import Call
from stripe_simulator.model import (
    Card,
    Charge,
    CreditNote,
    Customer,
    Intent,
    Invoice,
    InvoicePayment,
    Subscription,
    Thing,
)
from stripe_simulator.platform.model import Dispute, Entry, Payout, Refund, Transfer

ID = r"([A-Za-z0-9_]+)"
type Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    known: frozenset[str]
    handler: Handler


def _one(kind: type[Thing], call: Call) -> dict[str, Any]:
    return call.shown(call.find(kind))


def _route(method: str, path: str, handler: Handler, *known: str) -> Route:
    return Route(method, re.compile(path.replace("{id}", ID)), frozenset((*known, "expand")), handler)


def _collection(name: str, kind: type[Thing], listed: Handler, *filters: str) -> list[Route]:
    return [
        _route("GET", f"/v1/{name}", listed, *reads.PAGE, *filters),
        _route("GET", f"/v1/{name}/{{id}}", partial(_one, kind)),
    ]


ROUTES = [
    _route("GET", "/v1/account", reads.account),
    _route("GET", "/v1/accounts/{id}", reads.account),
    *(_route(*each) for each in platform.CALLS),
    *_collection(
        "invoices", Invoice, reads.invoices, "customer", "subscription", "status", "collection_method"
    ),
    _route("POST", "/v1/invoices/{id}", actions.update_invoice, "auto_advance", "metadata"),
    _route(
        "POST",
        "/v1/invoices/{id}/pay",
        actions.pay_invoice,
        *("off_session", "paid_out_of_band", "payment_method"),
    ),
    _route("POST", "/v1/invoices/{id}/void", actions.void_invoice),
    _route("POST", "/v1/invoices/{id}/mark_uncollectible", actions.mark_uncollectible),
    _route("POST", "/v1/invoices/{id}/finalize", actions.finalize_invoice, "auto_advance"),
    *_collection(
        "invoice_payments", InvoicePayment, reads.invoice_payments, "invoice", "payment", "status"
    ),
    *_collection("subscriptions", Subscription, reads.subscriptions, "customer", "status"),
    _route(
        "POST",
        "/v1/subscriptions/{id}",
        actions.update_subscription,
        *("cancel_at_period_end", "default_payment_method", "metadata"),
    ),
    _route("DELETE", "/v1/subscriptions/{id}", actions.cancel_subscription),
    *_collection("customers", Customer, reads.customers, "email"),
    _route(
        "POST", "/v1/customers/{id}", actions.update_customer, "email", "invoice_settings", "metadata"
    ),
    _route("GET", "/v1/customers/{id}/payment_methods", reads.payment_methods, *reads.PAGE, "type"),
    *_collection("payment_methods", Card, reads.payment_methods, "customer", "type"),
    _route("POST", "/v1/payment_methods/{id}/detach", actions.detach_payment_method),
    *_collection("payment_intents", Intent, reads.payment_intents, "customer"),
    *_collection("transfers", Transfer, platform.transfers, "transfer_group", "destination"),
    *_collection("payouts", Payout, platform.payouts, "status"),
    *_collection("balance_transactions", Entry, platform.entries, "source", "type"),
    *_collection("charges", Charge, reads.charges, "customer", "payment_intent"),
    *_collection("refunds", Refund, reads.refunds, "charge", "payment_intent"),
    _route(
        "POST",
        "/v1/refunds",
        actions.create_refund,
        *("charge", "payment_intent", "amount", "reason", "metadata"),
    ),
    *_collection("disputes", Dispute, reads.disputes, "charge", "payment_intent"),
    _route("POST", "/v1/disputes/{id}", actions.update_dispute, "evidence", "submit", "metadata"),
    _route("POST", "/v1/disputes/{id}/close", actions.close_dispute),
    *_collection("credit_notes", CreditNote, reads.credit_notes, "invoice", "customer"),
    _route("POST", "/v1/credit_notes", actions.create_credit_note, "invoice", "amount", "reason", "memo"),
    _route("GET", "/v1/events", reads.events, *reads.PAGE, "type"),
    _route("GET", "/v1/events/{id}", reads.event),
    _route(
        "POST", "/oauth/token", actions.token, "grant_type", "code", "client_secret", "scope"
    ),
    _route(
        "POST", "/oauth/deauthorize", actions.deauthorize, "client_id", "stripe_user_id", "client_secret"
    ),
]  # fmt: skip


def found(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route, and what the path names."""
    for route in ROUTES:
        matched = route.pattern.fullmatch(path)
        if matched and route.method == method:
            return route, matched.groups()
    return None
