"""POST and DELETE of the API."""

from typing import Any

from stripe_simulator import charging, connect, invoices, reversals, settling, shapes, standing, subscribers
from stripe_simulator.api import answers
from stripe_simulator.api.calls import Call
from stripe_simulator.api.forms import flag
from stripe_simulator.model import Account, Card, Charge, Customer, Intent, Invoice, Subscription
from stripe_simulator.platform.model import Dispute


def pay_invoice(call: Call) -> dict[str, Any]:
    """Raises a `Fault` with the card's error (402) when the charge is declined."""
    invoice, params = call.find(Invoice), call.params
    if flag(params.get("paid_out_of_band", "false")):
        settling.pay_out_of_band(call.world, invoice)
        return call.shown(invoice)
    card = call.find(Card, params["payment_method"]) if "payment_method" in params else None
    if card is not None and (card.customer != invoice.customer or not card.attached):
        said = "The payment method does not belong to the customer of this invoice."
        raise answers.Fault(answers.error(answers.BAD, said, param="payment_method"))
    settling.require(invoice, "open", "uncollectible")
    if card is None and charging.paying_card(call.world, invoice) is None:
        said = "This customer has no attached payment source or default payment method."
        raise answers.Fault(answers.error(answers.BAD, said, code="resource_missing"))
    present = not flag(params.get("off_session", "true"))
    made = charging.attempt(call.world, invoice, "customer" if present else "api", card)
    if made.charge is not None and not made.paid:
        raise answers.Fault(_declined(call, made.charge))
    return call.shown(invoice)


def _declined(call: Call, charge: Charge) -> answers.Answer:
    intent = call.find(Intent, charge.intent)
    error = shapes.payments.card_error(call.world, intent)
    if intent.status == "requires_action":
        error |= {
            "code": "invoice_payment_intent_requires_action",
            "message": "This payment requires additional user action before it can be completed.",
        }
    error["payment_intent"] = call.render(intent)
    return answers.Answer(answers.DECLINED, {"error": error})


def void_invoice(call: Call) -> dict[str, Any]:
    settling.void(call.world, invoice := call.find(Invoice))
    return call.shown(invoice)


def mark_uncollectible(call: Call) -> dict[str, Any]:
    settling.mark_uncollectible(call.world, invoice := call.find(Invoice))
    return call.shown(invoice)


def finalize_invoice(call: Call) -> dict[str, Any]:
    invoices.finalize(call.world, invoice := call.find(Invoice))
    return call.shown(invoice)


def update_invoice(call: Call) -> dict[str, Any]:
    invoice = call.find(Invoice)
    if "auto_advance" in call.params:
        previous = {"auto_advance": invoice.auto_advance}
        invoice.auto_advance = flag(call.params["auto_advance"])
        if not invoice.auto_advance:
            invoice.next_payment_attempt = None
        call.world.tell(invoice.account, "invoice.updated", invoice, previous)
    return call.shown(invoice)


def update_subscription(call: Call) -> dict[str, Any]:
    subscription, params = call.find(Subscription), call.params
    if "cancel_at_period_end" in params:
        cancel = flag(params["cancel_at_period_end"])
        subscribers.cancel_at_period_end(call.world, subscription, cancel=cancel)
    if "default_payment_method" in params:
        card = call.find(Card, params["default_payment_method"]) if params["default_payment_method"] else None
        subscribers.pay_subscription_with(call.world, subscription, card)
    subscription.metadata |= params.get("metadata", {})
    return call.shown(subscription)


def cancel_subscription(call: Call) -> dict[str, Any]:
    standing.end(call.world, subscription := call.find(Subscription), "cancellation_requested")
    return call.shown(subscription)


def update_customer(call: Call) -> dict[str, Any]:
    customer, params = call.find(Customer), call.params
    customer.email = params.get("email", customer.email)
    customer.metadata |= params.get("metadata", {})
    if default := params.get("invoice_settings", {}).get("default_payment_method"):
        subscribers.make_default(call.world, customer, call.find(Card, default))
    return call.shown(customer)


def detach_payment_method(call: Call) -> dict[str, Any]:
    subscribers.detach(call.world, card := call.find(Card))
    return call.shown(card)


def create_refund(call: Call) -> dict[str, Any]:
    params = call.params
    charge = params.get("charge")
    if charge is None and "payment_intent" in params:
        charge = next(reversed(call.find(Intent, params["payment_intent"]).charges), None)
    amount = int(params["amount"]) if "amount" in params else None
    found = call.find(Charge, charge or "")
    reason, metadata = params.get("reason"), dict(params.get("metadata", {}))
    return call.shown(reversals.refund(call.world, found, amount, reason, metadata))


def close_dispute(call: Call) -> dict[str, Any]:
    """To close it is to accept it: the money is lost."""
    dispute = call.find(Dispute)
    reversals.close_dispute(call.world, dispute, "warning_closed" if dispute.inquiry else "lost")
    return call.shown(dispute)


def update_dispute(call: Call) -> dict[str, Any]:
    """Evidence that is not held back as a draft is submitted."""
    dispute = call.find(Dispute)
    if flag(call.params.get("submit", "true")) and call.params.get("evidence"):
        reversals.respond(call.world, dispute)
    return call.shown(dispute)


def create_credit_note(call: Call) -> dict[str, Any]:
    invoice = call.find(Invoice, call.params.get("invoice", ""))
    return call.shown(settling.credit(call.world, invoice, int(call.params.get("amount", "0"))))


def token(call: Call) -> dict[str, Any]:
    if call.params.get("grant_type") != "authorization_code":
        said = "unsupported grant type"
        raise answers.Fault(answers.oauth_error("unsupported_grant_type", said))
    try:
        connected = connect.exchange(call.world, call.params.get("code", ""))
    except connect.BadGrant as refused:
        raise answers.Fault(answers.oauth_error("invalid_grant", str(refused))) from None
    return {
        "access_token": connected.access_token,
        "livemode": connected.account.livemode,
        "refresh_token": connected.refresh_token,
        "scope": "read_write",
        "stripe_publishable_key": connected.access_token.replace("sk_", "pk_"),
        "stripe_user_id": connected.account.id,
        "token_type": "bearer",
    }


def deauthorize(call: Call) -> dict[str, Any]:
    if not call.params.get("client_id", "").startswith("ca_"):
        raise answers.Fault(
            answers.oauth_error("invalid_client", "No such application.", answers.UNAUTHORIZED)
        )
    try:
        connect.deauthorize(call.world, call.world.get(Account, call.params.get("stripe_user_id", "")))
    except (connect.BadGrant, LookupError) as refused:
        raise answers.Fault(
            answers.oauth_error("invalid_client", str(refused), answers.UNAUTHORIZED)
        ) from None
    return {"stripe_user_id": call.params["stripe_user_id"]}
