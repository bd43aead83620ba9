"""PaymentIntents and charges."""

from typing import TYPE_CHECKING, Any

from stripe_simulator.declines import Decline
from stripe_simulator.model import Card, Charge, Customer, Intent, Shape
from stripe_simulator.platform.model import Dispute, Refund
from stripe_simulator.shapes import reversals
from stripe_simulator.shapes.people import (
    bank_facts,
    billing_details,
    card_facts,
    entry_of,
    livemode,
    payment_method,
)

if TYPE_CHECKING:
    from stripe_simulator.world import World

APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def outcome(decline: Decline | None) -> dict[str, Any]:
    if decline is None:
        return APPROVED
    said = f"The bank returned the decline code `{decline.reason}`."
    return {
        "advice_code": decline.advice_code,
        "network_advice_code": decline.network_advice_code,
        "network_decline_code": decline.network_decline_code,
        "network_status": decline.network_status,
        "reason": decline.reason,
        "risk_level": "highest" if decline.reason == "highest_risk_level" else "normal",
        "seller_message": "Stripe blocked this payment." if decline.type == "blocked" else said,
        "type": decline.type,
    }


def charge(world: "World", charge: Charge, shape: Shape) -> dict[str, Any]:
    card, failed = world.get(Card, charge.card), charge.decline
    rendered = {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": 0 if failed or charge.pending else charge.amount,
        "amount_refunded": charge.refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None if failed or charge.pending else entry_of(charge.id),
        "billing_details": billing_details(world.get(Customer, charge.customer) if charge.customer else None),
        "calculated_statement_descriptor": "EXAMPLE",
        "captured": not (failed or charge.pending),
        "created": charge.created,
        "currency": charge.currency,
        "customer": charge.customer,
        "description": described(charge),
        "disputed": bool(charge.disputes),
        "failure_balance_transaction": None,
        "failure_code": failed.code if failed else None,
        "failure_message": failed.message if failed else None,
        "fraud_details": {},
        "livemode": livemode(world, charge.account),
        "metadata": dict(charge.metadata),
        "on_behalf_of": None,
        "outcome": outcome(failed),
        "paid": not (failed or charge.pending),
        "payment_intent": charge.intent,
        "payment_method": charge.card,
        "payment_method_details": _method_used(card),
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None if failed else "https://pay.stripe.com/receipts/simulated",
        "refunded": charge.refunded == charge.amount,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "failed" if failed else "pending" if charge.pending else "succeeded",
        "transfer_data": None,
        "transfer_group": charge.transfer_group,
    }
    return rendered | _older(world, charge, shape)


def _older(world: "World", charge: Charge, shape: Shape) -> dict[str, Any]:
    older: dict[str, Any] = {} if shape is Shape.BASIL else {"invoice": charge.invoice, "order": None}
    if shape is Shape.CLASSIC:
        made = [reversals.refund(world, world.get(Refund, each)) for each in reversed(charge.refunds)]
        url = f"/v1/charges/{charge.id}/refunds"
        older["refunds"] = listed(url, made) | {"total_count": len(made)}
        older["dispute"] = world.get(Dispute, charge.disputes[0]).id if charge.disputes else None
    return older


def listed(url: str, data: list[dict[str, Any]]) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": False, "url": url}


def described(thing: Charge | Intent) -> str | None:
    return "Subscription update" if thing.invoice else thing.description


def _method_used(card: Card) -> dict[str, Any]:
    return {card.kind: bank_facts(card) if card.slow else _card_used(card), "type": card.kind}


def _card_used(card: Card) -> dict[str, Any]:
    return {
        **card_facts(card),
        "installments": None,
        "mandate": None,
        "network": card.brand,
        "network_token": {"used": False},
        "three_d_secure": None,
        "wallet": None,
    }


def payment_intent(world: "World", intent: Intent, shape: Shape) -> dict[str, Any]:
    rendered = {
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": intent.received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": intent.automatic_payment_methods,
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason
        or ("void_invoice" if intent.canceled_at and intent.invoice else None),
        "capture_method": "automatic",
        "client_secret": f"{intent.id}_secret_simulated",
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "customer": intent.customer,
        "description": described(intent),
        "last_payment_error": card_error(world, intent) if intent.error else None,
        "latest_charge": intent.charges[-1] if intent.charges else None,
        "livemode": livemode(world, intent.account),
        "metadata": dict(intent.metadata),
        "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
        if intent.status == "requires_action"
        else None,
        "on_behalf_of": None,
        "payment_method": intent.card if intent.status != "requires_payment_method" else None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"] if intent.invoice else ["card", "us_bank_account", "sepa_debit"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": intent.status,
        "transfer_data": None,
        "transfer_group": intent.transfer_group,
    }
    if shape is not Shape.BASIL:
        rendered["invoice"] = intent.invoice
    if shape is Shape.CLASSIC:
        made = [charge(world, world.get(Charge, each), shape) for each in reversed(intent.charges)]
        url = f"/v1/charges?payment_intent={intent.id}"
        rendered["charges"] = listed(url, made) | {"total_count": len(made)}
    return rendered


def card_error(world: "World", intent: Intent) -> dict[str, Any]:
    """The error of the last attempt, as in `last_payment_error` and in an answer 402."""
    decline = intent.error
    if decline is None:
        return {}
    optional = {
        "advice_code": decline.advice_code,
        "decline_code": decline.decline_code,
        "network_advice_code": decline.network_advice_code,
        "network_decline_code": decline.network_decline_code,
    }
    return {
        **({"charge": intent.charges[-1]} if intent.charges else {}),
        "code": decline.code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
        "payment_method": payment_method(world, world.get(Card, intent.card)),
        "type": "card_error",
    } | {name: value for name, value in optional.items() if value is not None}
