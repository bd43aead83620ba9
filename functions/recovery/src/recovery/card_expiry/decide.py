"""A card that will have expired when the next charge of its subscription is due. Pure.

What counts is the next charge, not the calendar: a yearly subscription's card may be long expired, and there
is time (S-53). A card is good to the end of the month that is printed on it.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recovery.invoice import json
from recovery.invoice.charges import payment_method
from recovery.invoice.json import Raw
from recovery.invoice.state import InvoiceState, PaymentMethod
from recovery.risk.decider import AtRisk
from troupe.domain.time_zones import local_day

GOING_ON = frozenset({"active", "trialing"})  # of one whose payment has failed, its case has charge
OVER = frozenset({"canceled", "incomplete_expired"})
RENEWALS = frozenset({"subscription_cycle", "subscription"})  # the latter until 2018


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSubscription:
    """A subscription, and the payment method that its next charge takes."""

    id: str
    ends: bool
    method: PaymentMethod | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The next charge of a subscription, and the card that it will be charged to."""

    subscription_id: str
    customer_id: str
    email: str | None
    name: str | None
    renews_at: datetime
    method: PaymentMethod
    good_until: date


def running_subscription(raw: Raw) -> RunningSubscription:
    methods = (
        json.nested(raw, "default_payment_method"),
        json.nested(raw, "default_source"),
        json.nested(raw, "customer", "invoice_settings", "default_payment_method"),
        json.nested(raw, "customer", "default_source"),
    )
    found = next((each for each in methods if each), None)
    status = json.text(raw, "status") or ""
    return RunningSubscription(
        id=json.text(raw, "id") or "",
        ends=status in OVER or json.flag(raw, "cancel_at_period_end"),
        method=payment_method(found) if found else None,
    )


def last_day(method: PaymentMethod | None) -> date | None:
    """A card is good to the end of the month that is printed on it."""
    if method is None or not method.exp_year or not method.exp_month:
        return None
    return date(method.exp_year, method.exp_month, calendar.monthrange(method.exp_year, method.exp_month)[1])


def renewal(raw: Raw) -> Renewal | None:
    """None where nothing will be charged, or not to a card that expires (S-55)."""
    stands, renews_at = running_subscription(raw), json.subscription_period_end(raw)
    good_until = last_day(stands.method)
    charged = (json.text(raw, "collection_method") or "charge_automatically") == "charge_automatically"
    going = json.text(raw, "status") in GOING_ON and not json.nested(raw, "pause_collection")
    ends_at = json.instant(raw, "cancel_at")
    if not going or stands.ends or not charged or renews_at is None or (ends_at and ends_at <= renews_at):
        return None
    if stands.method is None or good_until is None:
        return None
    customer = json.nested(raw, "customer")
    return Renewal(
        subscription_id=stands.id,
        customer_id=json.identifier(raw, "customer") or "",
        email=json.text(customer, "email"),
        name=json.text(customer, "name"),
        renews_at=renews_at,
        method=stands.method,
        good_until=good_until,
    )


def endangered(found: Renewal, zone: str) -> bool:
    """Whether the card has expired by the day of the charge; on the last day of its month it is good."""
    return found.good_until < local_day(found.renews_at, zone)


def to_be_warned(found: Renewal, zone: str, lead_days: int, now: datetime) -> bool:
    """Whether the charge is near enough; not after it, when its case tells (S-53)."""
    near = found.renews_at - timedelta(days=lead_days) <= now < found.renews_at
    return near and endangered(found, zone)


def went_through(fetched: InvoiceState, risk: AtRisk) -> datetime | None:
    """When the charge that was feared for passed all the same: many issuers take a card that has expired.

    One that was paid without a charge, by credit or by hand, tells nothing of the card.
    """
    invoice = fetched.invoice
    passed = [each.charge.at for each in fetched.charges if each.charge.status == "succeeded"]
    if invoice.status != "paid" or invoice.billing_reason not in RENEWALS or not passed:
        return None
    if risk.renews_at:
        feared = invoice.created_at >= risk.renews_at
    else:
        feared = risk.expiration_date is not None and invoice.created_at.date() > risk.expiration_date
    return max(passed) if feared else None
