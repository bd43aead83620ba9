"""Invoices from their announcement to the first charge."""

from functools import partial
from typing import Any

from stripe_simulator import charging, settling, shapes
from stripe_simulator.cards import HOUR
from stripe_simulator.model import Account, Customer, Invoice, Subscription
from stripe_simulator.world import World


def _of(world: World, subscription: Subscription, reason: str, identifier: str) -> Invoice:
    return Invoice(
        id=identifier,
        line=world.identifier("il"),
        account=subscription.account,
        customer=subscription.customer,
        subscription=subscription.id,
        billing_reason=reason,
        currency=subscription.currency,
        total=subscription.amount,
        created=world.now,
        period_start=subscription.period_start,
        period_end=subscription.period_end,
    )


def announce(world: World, subscription: Subscription) -> None:
    """`invoice.upcoming`: there is no invoice yet, so it has no id."""
    coming = _of(world, subscription, "upcoming", "upcoming")
    shape = world.get(Account, subscription.account).shape
    rendered = {key: value for key, value in shapes.rendered(world, coming, shape).items() if key != "id"}
    world.tell_of(subscription.account, "invoice.upcoming", rendered)


def draft(world: World, subscription: Subscription, reason: str) -> Invoice:
    """Stripe finalizes a draft an hour later; those of an unpaid subscription stay drafts."""
    invoice = _created(world, _of(world, subscription, reason, world.identifier("in")))
    if subscription.status == "unpaid":
        invoice.auto_advance = False
    world.at(world.now + HOUR, partial(_finalize_if_draft, world, invoice))
    return invoice


def _finalize_if_draft(world: World, invoice: Invoice) -> None:
    if invoice.status == "draft" and invoice.auto_advance:
        finalize(world, invoice)


def _created(world: World, invoice: Invoice) -> Invoice:
    world.get(Customer, invoice.customer).invoices.append(world.add(invoice).id)
    world.tell(invoice.account, "invoice.created", invoice)
    return invoice


def bill(world: World, subscription: Subscription, reason: str) -> Invoice:
    """An invoice that is finalized and charged now."""
    invoice = _created(world, _of(world, subscription, reason, world.identifier("in")))
    subscription.latest_invoice = invoice.id
    finalize(world, invoice)
    return invoice


def bill_once(world: World, customer: Customer, amount: int, currency: str = "usd") -> Invoice:
    """One of no subscription, finalized and charged now."""
    invoice = Invoice(
        id=world.identifier("in"),
        line=world.identifier("il"),
        account=customer.account,
        customer=customer.id,
        subscription=None,
        billing_reason="manual",
        currency=currency,
        total=amount,
        created=world.now,
        period_start=world.now,
        period_end=world.now,
    )
    finalize(world, _created(world, invoice))
    return invoice


def finalize(world: World, invoice: Invoice) -> None:
    """Open, and charged if that is how it is collected; one of nothing is paid by being finalized."""
    settling.require(invoice, "draft")
    customer = world.get(Customer, invoice.customer)
    invoice.status, invoice.finalized_at = "open", world.now
    invoice.number = f"{customer.id[-8:].upper()}-{len(customer.invoices):04}"
    previous: dict[str, Any] = {"status": "draft", "number": None, "effective_at": None}
    world.tell(invoice.account, "invoice.finalized", invoice, previous)
    if not invoice.remaining:
        settling.settle_if_nothing_remains(world, invoice, {"amount_remaining": 0})
        return
    charging.new_payment(world, invoice, invoice.remaining)
    subscription = world.get(Subscription, invoice.subscription) if invoice.subscription else None
    if subscription is None or subscription.collection_method == "charge_automatically":
        charging.attempt(world, invoice, "billing")
