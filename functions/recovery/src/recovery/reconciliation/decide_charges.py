"""Which charges, and which card, an attempt does not know yet; and who made a charge, as far as facts tell.

Stripe says of no charge whether its own retries, a call of the API or the invoice's page made it. Ours we
know by our claims; the customer's by a challenge that was passed or that it waited for, and by a card that
is no default of the customer, now or when the attempt was last looked at (Stripe does not keep what was the
default in between). The rest is Stripe's.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from recovery.attempt.commands import AttemptCommand, ChangePaymentMethod, Planning, RecordPaymentAttempt
from recovery.attempt.events import CardData, Charge
from recovery.attempt.state import Attempt
from recovery.invoice.charges import card_of
from recovery.invoice.state import ChargeState, InvoiceState

CLAIM_MARGIN = timedelta(minutes=2)  # beyond a claim's lease: Stripe may take that long to answer

type Plan = Callable[[str | None], Planning]  # for the card of that fingerprint


def news(attempt: Attempt, fetched: InvoiceState, plan: Plan, now: datetime) -> Iterator[AttemptCommand]:
    """In the order in which it happened: a card that was charged already took its place before that."""
    known = {each.id for each in attempt.charges if each.status != "pending"}
    since = [each for each in fetched.charges if each.charge.at >= attempt.started_at]
    fresh = [each for each in since if each.charge.id not in known]
    change = _changed(attempt, fetched, plan, now)
    own = _own(attempt, fresh)
    for each in fresh:
        if change and _of(each, change.card):
            yield replace(change, changed_at=min(change.changed_at, each.charge.at))
            change = None
        yield RecordPaymentAttempt(
            charge=_by_whom(each, attempt, fetched) if each is not own else _ours(each.charge, attempt),
            decline=each.decline,
            planning=plan(each.charge.fingerprint),
            retry_number=attempt.retry.number if each is own and attempt.retry else None,
        )
    if change:
        yield change


def _ours(charge: Charge, attempt: Attempt) -> Charge:
    by_person = attempt.retry is not None and attempt.retry.by_person
    return replace(charge, initiator="troupe", by_person=by_person)


def _of(made: ChargeState, card: CardData) -> bool:
    """Whether the changed card was charged already when we learn of it."""
    return made.card is not None and made.card == card


def _own(attempt: Attempt, fresh: list[ChargeState]) -> ChargeState | None:
    """The charge that was made under our claim: the first unknown one from the claim on.

    Stripe says of no charge which call made it. A charge of Stripe's own in the same two minutes would be
    taken for ours; then ours, made under its own key, counts as Stripe's, and both are counted once. What was
    charged before the claim is known: the invoice was looked at just then. So clocks may differ a little.
    """
    retry = attempt.retry
    if retry is None or retry.claimed_at is None or retry.claimed_until is None:
        return None
    since, until = retry.claimed_at - CLAIM_MARGIN, retry.claimed_until + CLAIM_MARGIN
    within = (each for each in fresh if since <= each.charge.at <= until)
    return next((each for each in within if each.charge.initiator != "customer"), None)


def _by_whom(made: ChargeState, attempt: Attempt, fetched: InvoiceState) -> Charge:
    """Stripe's engine charges the card that is the default: another one was given on the invoice's page."""
    charge = made.charge
    before = [each.charge for each in fetched.charges if each.charge.at < charge.at]
    if charge.initiator != "stripe" or charge.payment_method_id is None or not before:
        return charge
    if any(each.id == charge.payment_intent_id for each in attempt.charges):
        return replace(charge, initiator="customer")  # who authenticated what had waited for it (S-40)
    method, card = fetched.payment_method, attempt.card
    defaults = {method and method.id, card and card.payment_method_id}
    used = {each.payment_method_id for each in before if each.initiator == "stripe"}
    foreign = charge.payment_method_id not in defaults | used
    return replace(charge, initiator="customer") if foreign else charge


def _changed(
    attempt: Attempt, fetched: InvoiceState, plan: Plan, now: datetime
) -> ChangePaymentMethod | None:
    method, card = fetched.payment_method, attempt.card
    if method is None or not attempt.pending:
        return None
    data = card_of(method)
    same = card is not None and card.payment_method_id == method.id
    made = method.created_at
    new = made is not None and made >= attempt.started_at and not same
    return ChangePaymentMethod(
        card=data,
        changed_at=made if new and made else now,
        automatically=same,  # who edits no card but gives another has another id
        planning=plan(method.fingerprint),
    )
