"""Decides whether an unpaid invoice starts a recovery attempt."""

from datetime import datetime, timedelta

from recovery.invoice.state import ChargeState, InvoiceState

RENEWALS = frozenset({"subscription_cycle", "subscription_update", "subscription_threshold", "subscription"})
WITH_SUBSCRIPTION = frozenset({"manual", "automatic_pending_invoice_item_invoice"})
FIRST = "subscription_create"
UNFINISHED = frozenset({"incomplete", "incomplete_expired"})
INVOLUNTARY = frozenset({"payment_failed", "payment_disputed"})  # Stripe's own ends of a subscription


def first_failure(fetched: InvoiceState) -> ChargeState | None:
    """The charge that a case begins with; one that waits for authentication has failed so far (S-40)."""
    return next((each for each in fetched.charges if each.charge.status == "failed"), None)


def cancelled_at(fetched: InvoiceState) -> datetime | None:
    """When the customer gave notice, at once or for the period's end (S-35)."""
    subscription = fetched.subscription
    if subscription is None or subscription.cancellation_reason in INVOLUNTARY:
        return None
    going = subscription.cancel_at_period_end or subscription.cancel_at is not None
    if subscription.status != "canceled" and not going:
        return None
    return subscription.canceled_at or subscription.ended_at or fetched.fetched_at


def ended_at(fetched: InvoiceState) -> datetime | None:
    """When Stripe ended the subscription for want of payment."""
    subscription = fetched.subscription
    if subscription is None or subscription.cancellation_reason not in INVOLUNTARY:
        return None
    return subscription.ended_at or subscription.canceled_at or fetched.fetched_at


def is_renewal(fetched: InvoiceState) -> bool:
    reason = fetched.invoice.billing_reason
    return reason in RENEWALS or (reason in WITH_SUBSCRIPTION and fetched.invoice.subscription_id is not None)


def refusal(
    fetched: InvoiceState, connected_at: datetime, window: timedelta, *, collect_owed: bool
) -> str | None:
    """Why no case opens; None where one does (S-24, S-25). What is over by now opens one all the same.

    Else what came of it would depend on when the events were taken, and recovery that was quick would not
    count. Only what was over before the account was connected starts no case.
    """
    failed = first_failure(fetched)
    if failed is None:
        return "no_failed_charge"
    at = failed.charge.at
    gone = cancelled_at(fetched)
    reasons = {
        "first_invoice": fetched.invoice.billing_reason == FIRST or _unfinished(fetched),
        "not_a_renewal": not is_renewal(fetched),
        "send_invoice": fetched.invoice.collection_method != "charge_automatically",
        "nothing_due": failed.charge.amount_cents <= 0,
        "auto_advance_off": _stopped_collecting(fetched),
        "collection_paused": fetched.subscription is not None and fetched.subscription.collection_paused,
        "cancelled": gone is not None and gone < at and not collect_owed,
        "too_old": at + window < fetched.fetched_at,
        "before_connection": fetched.invoice.status != "open" and at < connected_at,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _unfinished(fetched: InvoiceState) -> bool:
    """A subscription that never began: Stripe lets it go after 23 hours."""
    return fetched.subscription is not None and fetched.subscription.status in UNFINISHED


def _stopped_collecting(fetched: InvoiceState) -> bool:
    """By the merchant. Stripe itself stops when subscription or invoice are over, which ends a case."""
    over = fetched.subscription is not None and fetched.subscription.status in {"canceled", "unpaid"}
    return fetched.invoice.status == "open" and not fetched.invoice.auto_advance and not over
