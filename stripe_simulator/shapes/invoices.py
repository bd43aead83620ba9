"""Invoices with their one line, and what links them to PaymentIntents."""

from typing import TYPE_CHECKING, Any

from stripe_simulator.model import Account, Customer, Intent, Invoice, InvoicePayment, Shape, Subscription
from stripe_simulator.shapes.people import address, livemode
from stripe_simulator.shapes.subscriptions import price

if TYPE_CHECKING:
    from stripe_simulator.world import World

NOTHING = (
    "account_tax_ids", "application", "automatically_finalizes_at", "custom_fields", "customer_phone",
    "customer_shipping", "default_payment_method", "default_source", "description", "due_date", "footer",
    "from_invoice", "last_finalization_error", "latest_revision", "on_behalf_of", "receipt_number",
    "shipping_cost", "shipping_details", "statement_descriptor", "test_clock",
)  # fmt: skip
EMPTY = (
    "customer_tax_ids", "default_tax_rates", "discounts", "total_discount_amounts",
    "total_pretax_credit_amounts",
)  # fmt: skip


def invoice(world: "World", invoice: Invoice, shape: Shape) -> dict[str, Any]:
    rendered: dict[str, Any] = dict.fromkeys(NOTHING)
    rendered |= {name: [] for name in EMPTY}
    rendered |= _who(world, invoice) | _money(invoice) | _course(invoice)
    line = _line(world, invoice, shape)
    url = f"/v1/invoices/{invoice.id}/lines"
    rendered["lines"] = {"object": "list", "data": [line], "has_more": False, "total_count": 1, "url": url}
    return rendered | (_newest(world, invoice) if shape is Shape.BASIL else _older(world, invoice))


def _who(world: "World", invoice: Invoice) -> dict[str, Any]:
    account, customer = world.get(Account, invoice.account), world.get(Customer, invoice.customer)
    hosted = f"https://invoice.stripe.com/i/{account.id}/{invoice.id}" if invoice.number else None
    return {
        "id": invoice.id,
        "object": "invoice",
        "account_country": account.country,
        "account_name": account.name,
        "automatic_tax": {
            "disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None
        },
        "customer": customer.id,
        "customer_address": address(customer.country),
        "customer_email": customer.email,
        "customer_name": customer.name,
        "customer_tax_exempt": "none",
        "hosted_invoice_url": hosted,
        "invoice_pdf": f"{hosted}/pdf" if hosted else None,
        "issuer": {"type": "self"},
        "livemode": account.livemode,
        "metadata": {},
        "number": invoice.number,
        "payment_settings": {
            "default_mandate": None, "payment_method_options": None, "payment_method_types": None
        },
        "rendering": {
            "amount_tax_display": None, "pdf": None, "template": None, "template_version": None
        },
    }  # fmt: skip


def _money(invoice: Invoice) -> dict[str, Any]:
    return {
        "amount_due": invoice.due,
        "amount_overpaid": 0,
        "amount_paid": invoice.amount_paid,
        "amount_remaining": invoice.remaining,
        "amount_shipping": 0,
        "currency": invoice.currency,
        "ending_balance": 0 if invoice.number else None,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": invoice.credited,
        "starting_balance": 0,
        "subtotal": invoice.total,
        "subtotal_excluding_tax": invoice.total,
        "total": invoice.total,
        "total_excluding_tax": invoice.total,
    }


def _course(invoice: Invoice) -> dict[str, Any]:
    return {
        "attempt_count": invoice.attempt_count,
        "attempted": invoice.attempt_count > 0 or invoice.status == "paid",
        "auto_advance": invoice.auto_advance,
        "billing_reason": invoice.billing_reason,
        "collection_method": "charge_automatically",
        "created": invoice.created,
        "effective_at": invoice.finalized_at,
        "next_payment_attempt": invoice.next_payment_attempt,
        "period_end": invoice.period_start,  # the period before, as in the recordings
        "period_start": invoice.period_start - (invoice.period_end - invoice.period_start),
        "status": invoice.status,
        "status_transitions": {
            "finalized_at": invoice.finalized_at,
            "marked_uncollectible_at": invoice.uncollectible_at,
            "paid_at": invoice.paid_at,
            "voided_at": invoice.voided_at,
        },
        "webhooks_delivered_at": invoice.created,
    }


def _newest(world: "World", invoice: Invoice) -> dict[str, Any]:
    parent = None
    if invoice.subscription:
        metadata = dict(world.get(Subscription, invoice.subscription).metadata)
        details = {"metadata": metadata, "subscription": invoice.subscription}
        parent = {"quote_details": None, "subscription_details": details, "type": "subscription_details"}
    return {"parent": parent, "total_taxes": []}


def _older(world: "World", invoice: Invoice) -> dict[str, Any]:
    intent = world.get(Intent, invoice.intent) if invoice.intent else None
    return {
        "application_fee_amount": None,
        "charge": intent.charges[-1] if intent and intent.charges else None,
        "discount": None,
        "paid": invoice.status == "paid",
        "paid_out_of_band": invoice.paid_out_of_band,
        "payment_intent": invoice.intent,
        "quote": None,
        "subscription": invoice.subscription,
        "tax": None,
        "total_tax_amounts": [],
        "transfer_data": None,
    }


def _line(world: "World", invoice: Invoice, shape: Shape) -> dict[str, Any]:
    subscription = world.get(Subscription, invoice.subscription) if invoice.subscription else None
    line: dict[str, Any] = {
        "id": invoice.line,
        "object": "line_item",
        "amount": invoice.total,
        "currency": invoice.currency,
        "description": "1 x Example",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice.id,
        "livemode": livemode(world, invoice.account),
        "metadata": {},
        "period": {"end": invoice.period_end, "start": invoice.period_start},
        "pretax_credit_amounts": [],
        "quantity": 1,
    }
    if shape is Shape.BASIL:
        return line | _newest_line(invoice, subscription)
    return line | {
        "price": price(subscription, line["livemode"]) if subscription else None,
        "proration": False,
        "subscription": invoice.subscription,
        "subscription_item": subscription.item if subscription else None,
        "tax_amounts": [],
        "type": "subscription" if subscription else "invoiceitem",
    }


def _newest_line(invoice: Invoice, subscription: Subscription | None) -> dict[str, Any]:
    if subscription is None:
        return {"parent": None, "pricing": None, "taxes": []}
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription.id,
        "subscription_item": subscription.item,
    }
    return {
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": details,
            "type": "subscription_item_details",
        },
        "pricing": {
            "price_details": {"price": subscription.price, "product": subscription.product},
            "type": "price_details",
            "unit_amount_decimal": str(invoice.total),
        },
        "taxes": [],
    }


def invoice_payment(world: "World", payment: InvoicePayment) -> dict[str, Any]:
    return {
        "id": payment.id,
        "object": "invoice_payment",
        "amount_paid": payment.amount_paid,
        "amount_requested": payment.requested,
        "created": payment.created,
        "currency": world.get(Invoice, payment.invoice).currency,
        "invoice": payment.invoice,
        "is_default": payment.is_default,
        "livemode": livemode(world, payment.account),
        "payment": {"payment_intent": payment.intent, "type": "payment_intent"},
        "status": payment.status,
        "status_transitions": {"canceled_at": payment.canceled_at, "paid_at": payment.paid_at},
    }
