"""A subscription's status, as its invoices and its customer change it."""

from typing import Any

from stripe_simulator.model import Customer, Invoice, Subscription, SubscriptionStatus
from stripe_simulator.world import Refused, World

ENDED = ("canceled", "incomplete_expired")


def change(world: World, subscription: Subscription, status: SubscriptionStatus) -> None:
    if subscription.status != status:
        previous = {"status": subscription.status}
        subscription.status = status
        world.tell(subscription.account, "customer.subscription.updated", subscription, previous)


def fall_behind(world: World, invoice: Invoice) -> None:
    """A charge for it failed."""
    subscription = of(world, invoice)
    if subscription is not None and subscription.status == "active":
        change(world, subscription, "past_due")


def catch_up(world: World, invoice: Invoice) -> None:
    """It was paid: what counts is the latest invoice."""
    subscription = of(world, invoice)
    if subscription is None or subscription.status not in ("past_due", "unpaid", "incomplete"):
        return
    latest = world.get(Invoice, subscription.latest_invoice or invoice.id)
    if latest.status in ("paid", "void"):
        change(world, subscription, "active")


def of(world: World, invoice: Invoice) -> Subscription | None:
    return world.get(Subscription, invoice.subscription) if invoice.subscription else None


def end(world: World, subscription: Subscription, reason: str) -> None:
    """At once. What is owed stays owed, but Stripe itself collects it no more.

    https://docs.stripe.com/billing/subscriptions/cancel#handle-invoice-items-when-canceling-subscriptions
    """
    if subscription.status in ENDED:
        raise Refused("The subscription has ended already.", "resource_missing", "id")
    subscription.status = "canceled"
    subscription.canceled_at = subscription.canceled_at or world.now
    subscription.ended_at = world.now
    subscription.cancellation_reason = reason
    world.tell(subscription.account, "customer.subscription.deleted", subscription)
    customer = world.get(Customer, subscription.customer)
    for invoice in (world.get(Invoice, each) for each in customer.invoices):
        if invoice.subscription == subscription.id and invoice.status in ("draft", "open"):
            _stop_collecting(world, invoice)


def _stop_collecting(world: World, invoice: Invoice) -> None:
    previous: dict[str, Any] = {
        "auto_advance": invoice.auto_advance,
        "next_payment_attempt": invoice.next_payment_attempt,
    }
    invoice.auto_advance, invoice.next_payment_attempt = False, None
    world.tell(invoice.account, "invoice.updated", invoice, previous)
