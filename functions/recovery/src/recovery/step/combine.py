"""Other open invoices of the same customer, whose steps are due on the day of a mail: it speaks for them too.

So a customer with several unpaid invoices gets one mail a day, which lists them all (S-48).
"""

from recovery.attempt.next_action import next_step
from recovery.attempt.state import Attempt
from recovery.case import transactions
from recovery.contact.decider import CONTACT, Contact, Event
from recovery.contact.decider import Command as ContactCommand
from recovery.mail.render import InvoiceSummary
from recovery.preconditions.apply import Outcome, fetch_invoice
from recovery.preconditions.decide import Proceed, gate
from recovery.preconditions.inputs import AttemptContext, context_of, known, mailing, read
from recovery.preconditions.refresh import at_once, refresh
from troupe.domain.time_zones import local_day
from troupe.observability import outcome
from troupe.store import aggregates, reads
from troupe.store.aggregates import Change, Ref
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot
from troupe.stripe.client import PaymentFailed

MOST = 9  # beside the mail's own


def other_invoices(scope: Scope, about: AttemptContext, mail: str) -> list[InvoiceSummary]:
    """Those that may be spoken for, as they stand at Stripe now; what is not sure is left to its own mail."""
    now_scope = at_once(scope)
    ids = transactions.of_customer(about.tenant_id, about.account_id, about.customer_id)
    others = [transactions.ref(each) for each in ids if each != about.attempt_id][: MOST * 2]
    if not others:
        return []
    items = reads.batch([each.key(about.tenant_id) for each in (about.attempt, *others)])
    at = Snapshot(scope=now_scope, items=items)
    found: list[InvoiceSummary] = []
    for each in others:
        mine, attempt = at.of(about.attempt).state, at.find(each).state
        if attempt and _combinable(mine, attempt, at):
            found += _looked_up(scope, context_of(about.tenant_id, each.id, attempt), attempt, mail)
    return found[:MOST]


def _combinable(mine: Attempt, other: Attempt, at: Snapshot) -> bool:
    """Of the same workspace and currency, with a step that is not being sent and is due today."""
    step = next_step(other)
    if step is None or step.claimed_until or not other.pending or other.held_at is not None:
        return False
    same = (other.workspace_id, other.currency) == (mine.workspace_id, mine.currency)
    zone = mine.terms.zone
    return same and local_day(step.due_at, zone) <= local_day(at.scope.context.now, zone)


def _looked_up(scope: Scope, about: AttemptContext, attempt: Attempt, mail: str) -> list[InvoiceSummary]:
    step, seen = next_step(attempt), read(at_once(scope), about)
    try:
        fetched = fetch_invoice(scope, about)
        if step is None or isinstance(fetched, Outcome) or refresh(scope, about, seen, fetched):
            return []
    except PaymentFailed as failed:
        outcome("neighbour_left_out", tenant_id=about.tenant_id, error=type(failed).__name__)
        return []
    summary = InvoiceSummary(about=about, attempt=attempt, fetched=fetched, step_id=step.id)
    return [summary] if fits(read(at_once(scope), about), summary, mail) else []


def fits(at: Snapshot, summary: InvoiceSummary, mail: str) -> bool:
    """Whether the gate lets its step pass, as part of this mail."""
    effect = mailing(summary.step_id, summary.fetched)
    attempt = at.of(summary.about.attempt).state
    step = next_step(attempt)
    free = step is not None and step.claimed_until is None
    return free and isinstance(
        gate(known(at, summary.about, mail), summary.fetched, effect, at.scope.context.now), Proceed
    )


def still_due(at: Snapshot, combined: tuple[InvoiceSummary, ...]) -> tuple[InvoiceSummary, ...]:
    """Those whose attempts are as they were claimed, as they stand now."""
    found: list[InvoiceSummary] = []
    for each in combined:
        attempt = at.of(each.about.attempt).state
        if attempt.pending and attempt.held_at is None:
            found.append(
                InvoiceSummary(about=each.about, attempt=attempt, fetched=each.fetched, step_id=each.step_id)
            )
    return tuple(sorted(found, key=lambda each: each.attempt.started_at))


def contacted(
    at: Snapshot, about: AttemptContext, commands: tuple[ContactCommand, ...]
) -> Change[Contact, ContactCommand, Event]:
    """Several commands on the customer's contact, which may not be there yet."""
    person = Ref(decider=CONTACT, id=about.contact_id, creates=True)
    before = at.find(person)
    state = before.state
    events: tuple[Event, ...] = ()
    for command in commands:
        more = CONTACT.answer(command, state, at.scope.context)
        state, events = CONTACT.fold(more, state), (*events, *more)
    return aggregates.change(person, before, events)
