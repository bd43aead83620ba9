"""What was fetched from Stripe about an invoice, read as `Truth`: pure, alike for all shapes of its API."""

from collections.abc import Iterator
from datetime import datetime

from recovery import shapes
from recovery.attempt_events import Charge
from recovery.charge_findings import EPOCH, Findings, charges, payment_method
from recovery.shapes import Raw
from recovery.truth import ChargeTruth, Customer, Invoice, InvoiceStatus, Payment, Subscription, Truth

STATUSES: dict[str, InvoiceStatus] = {
    status: status for status in ("draft", "open", "paid", "void", "uncollectible")
}
OPEN_DISPUTES = frozenset(
    {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}
)


def truth(account_id: str, fetched_at: datetime, found: Findings) -> Truth:
    customer = _customer(found.customer, found.invoice)
    made = charges(found, customer.country)
    payments = tuple(sorted(_payments(found, made), key=lambda each: (each.paid_at, each.id)))
    return Truth(
        account_id=account_id,
        fetched_at=fetched_at,
        invoice=_invoice(found.invoice, customer.id, payments),
        subscription=_subscription(found.subscription) if found.subscription else None,
        customer=customer,
        payment_method=payment_method(found.method) if found.method else None,
        charges=made,
        payments=payments,
        open_dispute=any(shapes.text(each, "status") in OPEN_DISPUTES for each in found.disputes),
    )


def _invoice(raw: Raw, customer_id: str, payments: tuple[Payment, ...]) -> Invoice:
    at = shapes.nested(raw, "status_transitions")
    status = STATUSES.get(shapes.text(raw, "status") or "", "draft")
    return Invoice(
        id=shapes.text(raw, "id") or "",
        number=shapes.text(raw, "number"),
        status=status,
        billing_reason=shapes.text(raw, "billing_reason"),
        collection_method=shapes.text(raw, "collection_method") or "charge_automatically",
        auto_advance=shapes.flag(raw, "auto_advance"),
        currency=(shapes.text(raw, "currency") or "").upper(),
        amount_due_cents=shapes.amount(raw, "amount_due"),
        amount_paid_cents=shapes.amount(raw, "amount_paid"),
        amount_remaining_cents=shapes.amount(raw, "amount_remaining"),
        credited_cents=shapes.amount(raw, "pre_payment_credit_notes_amount"),
        created_at=shapes.instant(raw, "created") or EPOCH,
        paid_at=shapes.instant(at, "paid_at"),
        paid_out_of_band=shapes.invoice_paid_out_of_band(raw) or _unexplained(raw, payments),
        voided_at=shapes.instant(at, "voided_at"),
        uncollectible_at=shapes.instant(at, "marked_uncollectible_at"),
        next_payment_attempt_at=shapes.instant(raw, "next_payment_attempt"),
        hosted_invoice_url=shapes.text(raw, "hosted_invoice_url"),
        customer_id=customer_id,
        subscription_id=shapes.invoice_subscription_id(raw),
    )


def _unexplained(raw: Raw, payments: tuple[Payment, ...]) -> bool:
    """Paid by more than its payments: basil has no field for what came by another way."""
    known = sum(each.amount_cents for each in payments)
    return shapes.text(raw, "status") == "paid" and shapes.amount(raw, "amount_paid") > known


def _subscription(raw: Raw) -> Subscription:
    return Subscription(
        id=shapes.text(raw, "id") or "",
        status=shapes.text(raw, "status") or "active",
        cancel_at_period_end=shapes.flag(raw, "cancel_at_period_end"),
        cancel_at=shapes.instant(raw, "cancel_at"),
        canceled_at=shapes.instant(raw, "canceled_at"),
        current_period_end=shapes.subscription_period_end(raw),
        ended_at=shapes.instant(raw, "ended_at"),
        cancellation_reason=shapes.text(raw, "cancellation_details", "reason"),
        collection_paused=bool(shapes.nested(raw, "pause_collection")),
    )


def _customer(raw: Raw, invoice: Raw) -> Customer:
    """The customer; what is missing because it was deleted is on the invoice still."""
    metadata = shapes.nested(raw, "metadata")
    zones = (shapes.text(metadata, name) for name in ("timezone", "time_zone", "tz"))
    return Customer(
        id=shapes.first(shapes.text(raw, "id"), shapes.identifier(invoice, "customer")) or "",
        email=shapes.first(shapes.text(raw, "email"), shapes.text(invoice, "customer_email")),
        name=shapes.first(shapes.text(raw, "name"), shapes.text(invoice, "customer_name")),
        country=shapes.first(
            shapes.text(raw, "address", "country"), shapes.text(invoice, "customer_address", "country")
        ),
        zone=next((each for each in zones if each), None),
        deleted=shapes.flag(raw, "deleted"),
    )


def _payments(found: Findings, made: tuple[ChargeTruth, ...]) -> Iterator[Payment]:
    """The invoice's own account of its parts (basil on), else its charges that succeeded."""
    succeeded = [each.charge for each in made if each.charge.status == "succeeded"]
    parts = list(shapes.listed(found.invoice, "payments"))
    if not parts:
        yield from (_paid_by(each) for each in succeeded)
        return
    by_intent = {each.payment_intent_id: each.id for each in succeeded}
    for raw in parts:
        paid_at = shapes.instant(raw, "status_transitions", "paid_at")
        if shapes.text(raw, "status") != "paid" or paid_at is None:
            continue
        intent = shapes.identifier(raw, "payment", "payment_intent")
        yield Payment(
            id=shapes.text(raw, "id") or "",
            amount_cents=shapes.amount(raw, "amount_paid"),
            paid_at=paid_at,
            payment_intent_id=intent,
            charge_id=by_intent.get(intent) or shapes.identifier(raw, "payment", "charge"),
        )


def _paid_by(charge: Charge) -> Payment:
    return Payment(
        id=charge.id,
        amount_cents=charge.amount_cents,
        paid_at=charge.at,
        payment_intent_id=charge.payment_intent_id,
        charge_id=charge.id,
    )
