"""GET of the API."""

from collections.abc import Iterable, Sequence
from typing import Any

from stripe_simulator.api import answers
from stripe_simulator.api.calls import Call
from stripe_simulator.model import (
    Account,
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
from stripe_simulator.platform.model import Dispute, Refund
from stripe_simulator.world import Missing

PAGE = ("limit", "starting_after", "created", "expand")


def _objects[T: Thing](call: Call, kind: type[T], identifiers: Iterable[str]) -> list[T]:
    return [call.find(kind, each) for each in identifiers]


def account(call: Call) -> dict[str, Any]:
    """The platform's own view of an account it is connected to."""
    return call.shown(call.world.get(Account, call.named[0] if call.named else call.account))


def only(things: Sequence[Any], call: Call, *names: str) -> list[Any]:
    wanted = {name: call.params[name] for name in names if name in call.params}
    return [each for each in things if all(getattr(each, name) == value for name, value in wanted.items())]


def invoices(call: Call) -> dict[str, Any]:
    if customer := call.params.get("customer"):
        found = _objects(call, Invoice, call.find(Customer, customer).invoices)
    else:
        found = call.world.all(Invoice, call.account)
    return call.listed(only(found, call, "subscription", "status"))


def invoice_payments(call: Call) -> dict[str, Any]:
    payment = call.params.get("payment", {})
    if payment and payment.get("type") != "payment_intent":
        raise answers.Fault(answers.error(answers.BAD, "Unknown payment type.", param="payment[type]"))
    invoice = call.params.get("invoice")
    if intent := payment.get("payment_intent"):
        invoice = call.find(Intent, intent).invoice
    if invoice is None:
        found = call.world.all(InvoicePayment, call.account)
    else:
        found = _objects(call, InvoicePayment, call.find(Invoice, invoice).payments)
    return call.listed([each for each in only(found, call, "status") if intent in (None, each.intent)])


def subscriptions(call: Call) -> dict[str, Any]:
    """Without a status those that have not ended, as Stripe does."""
    if customer := call.params.get("customer"):
        found = _objects(call, Subscription, call.find(Customer, customer).subscriptions)
    else:
        found = call.world.all(Subscription, call.account)
    status = call.params.get("status")
    return call.listed([
        each
        for each in found
        if status in ("all", each.status) or (status is None and each.status != "canceled")
    ])  # fmt: skip


def customers(call: Call) -> dict[str, Any]:
    return call.listed(only(call.world.all(Customer, call.account), call, "email"))


def payment_methods(call: Call) -> dict[str, Any]:
    identifier = call.named[0] if call.named else call.params.get("customer", "")
    return call.listed(_objects(call, Card, call.find(Customer, identifier).cards))


def payment_intents(call: Call) -> dict[str, Any]:
    return call.listed(only(call.world.all(Intent, call.account), call, "customer"))


def charges(call: Call) -> dict[str, Any]:
    if intent := call.params.get("payment_intent"):
        found = _objects(call, Charge, call.find(Intent, intent).charges)
    elif customer := call.params.get("customer"):
        found = _objects(call, Charge, call.find(Customer, customer).charges)
    else:
        found = call.world.all(Charge, call.account)
    return call.listed(found)


def _reversals(call: Call, kind: type[Refund | Dispute]) -> dict[str, Any]:
    """Those of a charge or of a PaymentIntent, without looking at all others."""
    name = "refunds" if kind is Refund else "disputes"
    if intent := call.params.get("payment_intent"):
        made_on = _objects(call, Charge, call.find(Intent, intent).charges)
    elif charge := call.params.get("charge"):
        made_on = [call.find(Charge, charge)]
    else:
        return call.listed(call.world.all(kind, call.account))
    return call.listed(_objects(call, kind, [each for charge in made_on for each in getattr(charge, name)]))


def refunds(call: Call) -> dict[str, Any]:
    return _reversals(call, Refund)


def disputes(call: Call) -> dict[str, Any]:
    return _reversals(call, Dispute)


def credit_notes(call: Call) -> dict[str, Any]:
    return call.listed(only(call.world.all(CreditNote, call.account), call, "invoice", "customer"))


def events(call: Call) -> dict[str, Any]:
    told = [each for each in call.world.events if each.account == call.account]
    wanted = call.params.get("type")
    found = [dict(each.body) for each in reversed(told) if wanted in (None, each.type)]
    limit = int(call.params.get("limit", 10))
    return {
        "object": "list",
        "data": found[:limit],
        "has_more": len(found) > limit,
        "url": call.path,
    }


def event(call: Call) -> dict[str, Any]:
    for each in call.world.events:
        if (each.id, each.account) == (call.named[0], call.account):
            return dict(each.body)
    raise Missing(type(call), call.named[0])
