"""What was paid, credited and given back of an invoice since its case began: totals, as Stripe has them."""

from datetime import datetime
from typing import Literal

from recovery.attempt.commands import ChangeAmount, ReverseRecovery
from recovery.attempt.state import Attempt
from recovery.invoice.state import InvoiceState


def paid_since(attempt: Attempt, fetched: InvoiceState) -> int:
    """What was paid from the first failure on; what came by another way is what is left over (S-36)."""
    invoice = fetched.invoice
    paid = sum(each.amount_cents for each in fetched.payments if each.paid_at >= attempt.started_at)
    if invoice.status == "paid" and invoice.paid_out_of_band:
        before = sum(each.amount_cents for each in fetched.payments if each.paid_at < attempt.started_at)
        paid = max(paid, invoice.amount_due_cents - before)
    return min(paid, attempt.amount_due_cents)


def paid_at(fetched: InvoiceState) -> datetime:
    last = max((each.paid_at for each in fetched.payments), default=None)
    return fetched.invoice.paid_at or last or fetched.fetched_at


def amount(attempt: Attempt, fetched: InvoiceState) -> ChangeAmount:
    paid, remaining = paid_since(attempt, fetched), fetched.invoice.amount_remaining_cents
    credited = max(0, attempt.amount_due_cents - remaining - paid)
    return ChangeAmount(amount_remaining_cents=remaining, credited_cents=credited, paid_cents=paid)


def gone_back(attempt: Attempt, fetched: InvoiceState) -> ReverseRecovery | None:
    """Of the charges that recovered it: running totals, as Stripe has them."""
    won = [each for each in fetched.charges if each.charge.at >= attempt.started_at]
    back = [each for each in won if each.refunded_cents or each.disputed_cents]
    total = sum(min(each.charge.amount_cents, each.refunded_cents + each.disputed_cents) for each in back)
    if not total:
        return None
    reason: Literal["refund", "dispute"] = (
        "dispute" if any(each.disputed_cents for each in back) else "refund"
    )
    told = [at for each in back for at in (each.refunded_at, each.disputed_at) if at]
    return ReverseRecovery(reversed_amount_cents=total, reason=reason, reversed_at=max(told, default=None))
