"""Whether an unpaid invoice becomes a case: a renewal that failed, and that can still be won back."""

from datetime import datetime, timedelta

from recovery.invoice.state import ChargeTruth, Truth

RENEWALS = frozenset({"subscription_cycle", "subscription_update", "subscription_threshold", "subscription"})
WITH_SUBSCRIPTION = frozenset({"manual", "automatic_pending_invoice_item_invoice"})
FIRST = "subscription_create"
UNFINISHED = frozenset({"incomplete", "incomplete_expired"})
INVOLUNTARY = frozenset({"payment_failed", "payment_disputed"})  # Stripe's own ends of a subscription


def first_failure(truth: Truth) -> ChargeTruth | None:
    """The charge that a case begins with; one that waits for authentication has failed so far (S-40)."""
    return next((each for each in truth.charges if each.charge.status == "failed"), None)


def cancelled_at(truth: Truth) -> datetime | None:
    """When the customer gave notice, at once or for the period's end (S-35)."""
    subscription = truth.subscription
    if subscription is None or subscription.cancellation_reason in INVOLUNTARY:
        return None
    going = subscription.cancel_at_period_end or subscription.cancel_at is not None
    if subscription.status != "canceled" and not going:
        return None
    return subscription.canceled_at or subscription.ended_at or truth.fetched_at


def ended_at(truth: Truth) -> datetime | None:
    """When Stripe ended the subscription for want of payment."""
    subscription = truth.subscription
    if subscription is None or subscription.cancellation_reason not in INVOLUNTARY:
        return None
    return subscription.ended_at or subscription.canceled_at or truth.fetched_at


def is_renewal(truth: Truth) -> bool:
    reason = truth.invoice.billing_reason
    return reason in RENEWALS or (reason in WITH_SUBSCRIPTION and truth.invoice.subscription_id is not None)


def refusal(truth: Truth, connected_at: datetime, window: timedelta, *, collect_owed: bool) -> str | None:
    """Why no case opens; None where one does (S-24, S-25). What is over by now opens one all the same.

    Else what came of it would depend on when the events were taken, and recovery that was quick would not
    count. Only what was over before the account was connected is nobody's case.
    """
    failed = first_failure(truth)
    if failed is None:
        return "no_failed_charge"
    at = failed.charge.at
    gone = cancelled_at(truth)
    reasons = {
        "first_invoice": truth.invoice.billing_reason == FIRST or _unfinished(truth),
        "not_a_renewal": not is_renewal(truth),
        "send_invoice": truth.invoice.collection_method != "charge_automatically",
        "nothing_due": failed.charge.amount_cents <= 0,
        "auto_advance_off": _stopped_collecting(truth),
        "collection_paused": truth.subscription is not None and truth.subscription.collection_paused,
        "cancelled": gone is not None and gone < at and not collect_owed,
        "too_old": at + window < truth.fetched_at,
        "before_connection": truth.invoice.status != "open" and at < connected_at,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _unfinished(truth: Truth) -> bool:
    """A subscription that never began: Stripe lets it go after 23 hours."""
    return truth.subscription is not None and truth.subscription.status in UNFINISHED


def _stopped_collecting(truth: Truth) -> bool:
    """By the merchant. Stripe itself stops when subscription or invoice are over, which ends a case."""
    over = truth.subscription is not None and truth.subscription.status in {"canceled", "unpaid"}
    return truth.invoice.status == "open" and not truth.invoice.auto_advance and not over
