"""Customers, their cards and their subscriptions: what people do at the shop of a connected account."""

import calendar
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from stripe_simulator import invoices, settling, standing
from stripe_simulator.cards import DAY, HOUR
from stripe_simulator.model import Account, Card, Customer, Invoice, Subscription
from stripe_simulator.world import Refused, World

UPCOMING = 7 * DAY
INCOMPLETE = (
    23 * HOUR
)  # a first invoice not paid by then: https://docs.stripe.com/billing/subscriptions/overview
type Level = Literal["customer", "subscription"]


def new_customer(world: World, account: Account, *, country: str = "US", **fields: Any) -> Customer:
    """`timezone` goes to the metadata, which is where a shop can keep it."""
    metadata = dict(fields.pop("metadata", {}))
    if zone := fields.pop("timezone", None):
        metadata["timezone"] = zone
    email, name = fields.pop("email", None), fields.pop("name", "Example Customer")
    customer = Customer(
        id=world.identifier("cus"),
        account=account.id,
        email=email,
        name=name,
        country=country,
        metadata=metadata,
        created=world.now,
        **fields,
    )
    world.tell(account.id, "customer.created", world.add(customer))
    return customer


def new_card(world: World, customer: Customer, *, default: bool = True, **fields: Any) -> Card:
    """A card attached to the customer, and made the default of its invoices unless asked not to."""
    identifier = world.identifier("pm")
    card = Card(
        **{
            "id": identifier,
            "account": customer.account,
            "customer": customer.id,
            "brand": "visa",
            "country": customer.country,
            "funding": "credit",
            "last4": "4242",
            "fingerprint": world.identifier("fp").removeprefix("fp_")[:16],
            "exp_month": 12,
            "exp_year": datetime.fromtimestamp(world.now, UTC).year + 3,
            "created": world.now,
            **fields,
        }
    )
    customer.cards.append(world.add(card).id)
    world.tell(card.account, "payment_method.attached", card)
    if default:
        make_default(world, customer, card)
    return card


def make_default(world: World, customer: Customer, card: Card) -> None:
    before, customer.default_payment_method = customer.default_payment_method, card.id
    previous = {"invoice_settings": {"default_payment_method": before}}
    world.tell(customer.account, "customer.updated", customer, previous)


def pay_subscription_with(world: World, subscription: Subscription, card: Card | None) -> None:
    """The subscription's own payment method, which goes before the customer's."""
    before = subscription.default_payment_method
    subscription.default_payment_method = card.id if card else None
    previous = {"default_payment_method": before}
    world.tell(subscription.account, "customer.subscription.updated", subscription, previous)


def update_automatically(world: World, card: Card, exp_month: int, exp_year: int, last4: str | None) -> None:
    """The network's account updater found the new card behind the same PaymentMethod."""
    before = {"exp_month": card.exp_month, "exp_year": card.exp_year, "last4": card.last4}
    card.exp_month, card.exp_year = exp_month, exp_year
    if last4 is not None and last4 != card.last4:
        card.last4 = last4
        card.fingerprint = world.identifier("fp").removeprefix("fp_")[:16]
    world.tell(card.account, "payment_method.automatically_updated", card, {"card": before})


def detach(world: World, card: Card) -> None:
    customer = world.get(Customer, card.customer)
    customer.cards.remove(card.id)
    card.attached = False
    if customer.default_payment_method == card.id:
        customer.default_payment_method = None
    for subscription in (world.get(Subscription, each) for each in customer.subscriptions):
        if subscription.default_payment_method == card.id:
            subscription.default_payment_method = None
    world.tell(card.account, "payment_method.detached", card, {"customer": customer.id})


def subscribe(
    world: World, customer: Customer, amount: int, *, charge_now: bool = False, **fields: Any
) -> Subscription:
    """A subscription whose period has begun: paid for already, or to be paid by its first invoice now.

    `renews_at` moves the end of the current period, `months` is its length.
    """
    months = int(fields.pop("months", 1))
    renews_at = int(fields.pop("renews_at", later(world.now, months)))
    subscription = Subscription(
        id=world.identifier("sub"),
        item=world.identifier("si"),
        price=world.identifier("price"),
        product=world.identifier("prod"),
        account=customer.account,
        customer=customer.id,
        amount=amount,
        currency=fields.pop("currency", "usd"),
        months=months,
        anchor=renews_at,
        created=world.now,
        period_start=world.now,
        period_end=renews_at,
        **fields,
    )
    customer.subscriptions.append(world.add(subscription).id)
    if charge_now:
        subscription.status = "incomplete"
    world.tell(customer.account, "customer.subscription.created", subscription)
    if charge_now:
        invoices.bill(world, subscription, "subscription_create")
        world.at(world.now + INCOMPLETE, partial(_expire_if_incomplete, world, subscription))
    _plan(world, subscription)
    return subscription


def later(instant: int, months: int, anchor: int | None = None) -> int:
    """That many months on, on the anchor's day of the month or on the month's last."""
    began = datetime.fromtimestamp(instant, UTC)
    day = datetime.fromtimestamp(anchor, UTC).day if anchor else began.day
    year, month = divmod(began.year * 12 + began.month - 1 + months, 12)
    day = min(day, calendar.monthrange(year, month + 1)[1])
    return int(began.replace(year=year, month=month + 1, day=day).timestamp())


def _plan(world: World, subscription: Subscription) -> None:
    ends = subscription.period_end
    if ends - UPCOMING > world.now:
        world.at(ends - UPCOMING, partial(_announce, world, subscription, ends))
    world.at(ends, partial(_end_of_period, world, subscription, ends))


def _renews(subscription: Subscription, ends: int) -> bool:
    going = subscription.status in ("active", "past_due", "unpaid")
    return going and subscription.period_end == ends


def _announce(world: World, subscription: Subscription, ends: int) -> None:
    if _renews(subscription, ends) and not subscription.cancel_at_period_end:
        invoices.announce(world, subscription)


def _end_of_period(world: World, subscription: Subscription, ends: int) -> None:
    if not _renews(subscription, ends):
        return
    if subscription.cancel_at_period_end:
        standing.end(world, subscription, "cancellation_requested")
    else:
        renew(world, subscription)


def renew(world: World, subscription: Subscription, *, at_once: bool = False) -> Invoice:
    """The next period begins, with its invoice: a draft for an hour, or finalized and charged `at_once`."""
    if subscription.status not in ("active", "past_due", "unpaid"):
        raise Refused(f"A {subscription.status} subscription does not renew.")
    starts = min(world.now, subscription.period_end)
    before = (subscription.period_start, subscription.period_end)
    subscription.period_start = starts
    subscription.period_end = later(starts, subscription.months, subscription.anchor)
    invoice = invoices.draft(world, subscription, "subscription_cycle")
    previous = {
        "current_period_start": before[0],
        "current_period_end": before[1],
        "latest_invoice": subscription.latest_invoice,
    }
    subscription.latest_invoice = invoice.id
    world.tell(subscription.account, "customer.subscription.updated", subscription, previous)
    _plan(world, subscription)
    if at_once:
        invoices.finalize(world, invoice)
    return invoice


def _expire_if_incomplete(world: World, subscription: Subscription) -> None:
    if subscription.status == "incomplete":
        subscription.status, subscription.ended_at = "incomplete_expired", world.now
        world.tell(
            subscription.account, "customer.subscription.updated", subscription, {"status": "incomplete"}
        )
        if subscription.latest_invoice:
            settling.void(world, world.get(Invoice, subscription.latest_invoice))


def cancel_at_period_end(world: World, subscription: Subscription, *, cancel: bool = True) -> None:
    if subscription.cancel_at_period_end == cancel:
        return
    previous = {"cancel_at_period_end": not cancel, "canceled_at": subscription.canceled_at}
    subscription.cancel_at_period_end = cancel
    subscription.canceled_at = world.now if cancel else None
    subscription.cancellation_reason = "cancellation_requested" if cancel else None
    world.tell(subscription.account, "customer.subscription.updated", subscription, previous)
