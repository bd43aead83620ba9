"""What was fetched from Stripe about an invoice, read as `Truth`: pure, alike for all shapes of its API."""

from collections.abc import Iterator
from datetime import datetime

from recovery.attempt.events import Charge
from recovery.invoice import json
from recovery.invoice.charges import EPOCH, StripeObjects, charges, payment_method
from recovery.invoice.json import Raw
from recovery.invoice.state import (
    ChargeState,
    Customer,
    Invoice,
    InvoiceState,
    InvoiceStatus,
    Payment,
    Subscription,
)

STATUSES: dict[str, InvoiceStatus] = {
    status: status for status in ("draft", "open", "paid", "void", "uncollectible")
}
OPEN_DISPUTES = frozenset(
    {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}
)


def invoice_state(account_id: str, fetched_at: datetime, found: StripeObjects) -> InvoiceState:
    customer = _customer(found.customer, found.invoice)
    made = charges(found, customer.country)
    payments = tuple(sorted(_payments(found, made), key=lambda each: (each.paid_at, each.id)))
    return InvoiceState(
        account_id=account_id,
        fetched_at=fetched_at,
        invoice=_invoice(found.invoice, customer.id, payments),
        subscription=_subscription(found.subscription) if found.subscription else None,
        customer=customer,
        payment_method=payment_method(found.method) if found.method else None,
        charges=made,
        payments=payments,
        open_dispute=any(json.text(each, "status") in OPEN_DISPUTES for each in found.disputes),
    )


def _invoice(raw: Raw, customer_id: str, payments: tuple[Payment, ...]) -> Invoice:
    at = json.nested(raw, "status_transitions")
    status = STATUSES.get(json.text(raw, "status") or "", "draft")
    return Invoice(
        id=json.text(raw, "id") or "",
        number=json.text(raw, "number"),
        status=status,
        billing_reason=json.text(raw, "billing_reason"),
        collection_method=json.text(raw, "collection_method") or "charge_automatically",
        auto_advance=json.flag(raw, "auto_advance"),
        currency=(json.text(raw, "currency") or "").upper(),
        amount_due_cents=json.amount(raw, "amount_due"),
        amount_paid_cents=json.amount(raw, "amount_paid"),
        amount_remaining_cents=json.amount(raw, "amount_remaining"),
        credited_cents=json.amount(raw, "pre_payment_credit_notes_amount"),
        created_at=json.instant(raw, "created") or EPOCH,
        paid_at=json.instant(at, "paid_at"),
        paid_out_of_band=json.invoice_paid_out_of_band(raw) or _unexplained(raw, payments),
        voided_at=json.instant(at, "voided_at"),
        uncollectible_at=json.instant(at, "marked_uncollectible_at"),
        next_payment_attempt_at=json.instant(raw, "next_payment_attempt"),
        hosted_invoice_url=json.text(raw, "hosted_invoice_url"),
        customer_id=customer_id,
        subscription_id=json.invoice_subscription_id(raw),
    )


def _unexplained(raw: Raw, payments: tuple[Payment, ...]) -> bool:
    """Paid by more than its payments: basil has no field for what came by another way."""
    known = sum(each.amount_cents for each in payments)
    return json.text(raw, "status") == "paid" and json.amount(raw, "amount_paid") > known


def _subscription(raw: Raw) -> Subscription:
    return Subscription(
        id=json.text(raw, "id") or "",
        status=json.text(raw, "status") or "active",
        cancel_at_period_end=json.flag(raw, "cancel_at_period_end"),
        cancel_at=json.instant(raw, "cancel_at"),
        canceled_at=json.instant(raw, "canceled_at"),
        current_period_end=json.subscription_period_end(raw),
        ended_at=json.instant(raw, "ended_at"),
        cancellation_reason=json.text(raw, "cancellation_details", "reason"),
        collection_paused=bool(json.nested(raw, "pause_collection")),
    )


def _customer(raw: Raw, invoice: Raw) -> Customer:
    """The customer; what is missing because it was deleted is on the invoice still."""
    metadata = json.nested(raw, "metadata")
    zones = (json.text(metadata, name) for name in ("timezone", "time_zone", "tz"))
    return Customer(
        id=json.first(json.text(raw, "id"), json.identifier(invoice, "customer")) or "",
        email=json.first(json.text(raw, "email"), json.text(invoice, "customer_email")),
        name=json.first(json.text(raw, "name"), json.text(invoice, "customer_name")),
        country=json.first(
            json.text(raw, "address", "country"), json.text(invoice, "customer_address", "country")
        ),
        zone=next((each for each in zones if each), None),
        deleted=json.flag(raw, "deleted"),
    )


def _payments(found: StripeObjects, made: tuple[ChargeState, ...]) -> Iterator[Payment]:
    """The invoice's own account of its parts (basil on), else its charges that succeeded."""
    succeeded = [each.charge for each in made if each.charge.status == "succeeded"]
    parts = list(json.listed(found.invoice, "payments"))
    if not parts:
        yield from (_paid_by(each) for each in succeeded)
        return
    by_intent = {each.payment_intent_id: each.id for each in succeeded}
    for raw in parts:
        paid_at = json.instant(raw, "status_transitions", "paid_at")
        if json.text(raw, "status") != "paid" or paid_at is None:
            continue
        intent = json.identifier(raw, "payment", "payment_intent")
        yield Payment(
            id=json.text(raw, "id") or "",
            amount_cents=json.amount(raw, "amount_paid"),
            paid_at=paid_at,
            payment_intent_id=intent,
            charge_id=by_intent.get(intent) or json.identifier(raw, "payment", "charge"),
        )


def _paid_by(charge: Charge) -> Payment:
    return Payment(
        id=charge.id,
        amount_cents=charge.amount_cents,
        paid_at=charge.at,
        payment_intent_id=charge.payment_intent_id,
        charge_id=charge.id,
    )
