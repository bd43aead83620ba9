"""To what a recovery is owed: exactly one of a list, the first that is true.

`auto_retry`, `our_retry`: the card that failed was charged again, by Stripe or by us; a mail that went out
meanwhile did not do it (S-80). `card_update_after_touch`: another card paid, given within seven days of a
mail. `authentication_after_touch`: the customer was there and let the same card pass. `account_updater`: the
network renewed the card's data. `manual`: the money came by another way than Stripe. `organic`: the rest.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from recovery.attempt.events import Attribution, CardData, Charge
from recovery.attempt.state import Attempt, Step
from recovery.invoice.state import ChargeState, InvoiceState, Payment

TOUCH_LASTS = timedelta(days=7)


class Attributed(NamedTuple):
    """`evidence`: ids of what it rests on."""

    attribution: Attribution
    evidence: dict[str, str]


def attributed(attempt: Attempt, fetched: InvoiceState) -> Attributed:
    """Of the payment that closed the invoice; opens and clicks of mails count for nothing."""
    payment = max(_since(fetched.payments, attempt.started_at), key=lambda each: each.paid_at, default=None)
    made = _made(fetched, payment)
    if payment is None or made is None:
        named = {"payment_id": payment.id} if payment else {}
        return Attributed("manual", named | {"invoice_id": fetched.invoice.id})
    evidence = {"charge_id": made.charge.id, "payment_id": payment.id}
    changed_at = _changed_at(attempt, fetched, made)
    if changed_at is None:
        return _same_card(attempt, made, evidence)
    if _renewed(fetched, made):
        return Attributed("account_updater", evidence)
    return _touched(attempt, changed_at, "card_update_after_touch", evidence)


def _since(payments: Iterable[Payment], started_at: datetime) -> list[Payment]:
    return [each for each in payments if each.paid_at >= started_at]


def _made(fetched: InvoiceState, payment: Payment | None) -> ChargeState | None:
    named = payment and payment.charge_id
    return next((each for each in fetched.charges if each.charge.id == named), None)


def _same_card(attempt: Attempt, made: ChargeState, evidence: dict[str, str]) -> Attributed:
    match _recorded(attempt, made).initiator:
        case "stripe":
            return Attributed("auto_retry", evidence)
        case "troupe":
            return Attributed("our_retry", evidence)
        case "customer":
            return _touched(attempt, made.charge.at, "authentication_after_touch", evidence)
        case _ as initiator:
            assert_never(initiator)


def _recorded(attempt: Attempt, made: ChargeState) -> Charge:
    """As the attempt has it, which knows what it made itself."""
    return next((each for each in attempt.charges if each.id == made.charge.id), made.charge)


def _touched(attempt: Attempt, at: datetime, then: Attribution, evidence: dict[str, str]) -> Attributed:
    """Where a mail went out in the seven days before; else the customer came unasked."""
    step = last_touch(attempt, at)
    return Attributed(then, evidence | {"step_id": step.id}) if step else Attributed("organic", evidence)


def last_touch(attempt: Attempt, at: datetime) -> Step | None:
    sent = [
        step for step in attempt.steps if step.sent_at and step.sent_at <= at <= step.sent_at + TOUCH_LASTS
    ]
    return max(sent, key=lambda step: step.sent_at or at, default=None)


def _failed_with(fetched: InvoiceState) -> CardData | None:
    """The card that the case began with."""
    return next((each.card for each in fetched.charges if each.charge.status == "failed"), None)


def _changed_at(attempt: Attempt, fetched: InvoiceState, made: ChargeState) -> datetime | None:
    """When the card that paid took the place of the one that failed; None if it is the same."""
    card, used = attempt.card, made.card
    if card and card.changed_at and used and card.payment_method_id == used.payment_method_id:
        return min(card.changed_at, made.charge.at)
    failed = _failed_with(fetched)
    if used is None or failed is None or _alike(used, failed):
        return None
    return made.charge.at


def _alike(used: CardData, failed: CardData) -> bool:
    """The same card with the same data; another PaymentMethod may be of the same card."""
    if used.fingerprint and failed.fingerprint:
        return (used.fingerprint, used.expires) == (failed.fingerprint, failed.expires)
    return used.payment_method_id == failed.payment_method_id


def _renewed(fetched: InvoiceState, made: ChargeState) -> bool:
    """The PaymentMethod is the one that failed, with new data: only the network does that."""
    failed = _failed_with(fetched)
    return (
        failed is not None
        and made.card is not None
        and (failed.payment_method_id == made.card.payment_method_id)
    )
