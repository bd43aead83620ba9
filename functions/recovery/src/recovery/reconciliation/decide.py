"""What is to be asked of a recovery attempt so that it agrees with how things stand at Stripe. Pure.

Everything rests on the truth that was fetched and on the attempt itself, nothing on the event that was the
occasion; and instants are the truth's. So any order and repetition of events ends the same, and the same
truth, seen twice, asks for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    AttemptCommand,
    HoldRecoveryAttempt,
    MarkRecovered,
    Planning,
    RecordLatePayment,
    ResumeRecoveryAttempt,
    SequenceStep,
    StartRecoveryAttempt,
)
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import AttemptEvent, SequenceEdition, Terms
from recovery.attempt.retry_schedule import planning_of
from recovery.attempt.state import Attempt
from recovery.invoice import renewal
from recovery.invoice.charges import card_of
from recovery.invoice.state import ChargeState, InvoiceState
from recovery.policy.ceilings import CardCharge
from recovery.policy.schedule import zone_for
from recovery.reconciliation import amounts, decide_charges
from recovery.reconciliation.decide_attribution import attributed
from recovery.workspace.settings import Settings
from troupe.domain.decider import Context

DISPUTED = "disputed"
CANCELLED = "cancelled"
VOIDED_WITHIN = timedelta(days=7)  # of a cancellation; later it is for a person to decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What Troupe knows beside the truth. `ledgers` are charges by a card's fingerprint."""

    workspace_id: str
    attempt_id: str
    settings: Settings = field(default_factory=Settings)
    zone: str = "UTC"
    connected_at: datetime
    sequence: SequenceEdition | None = None  # that a new attempt goes by
    steps: tuple[SequenceStep, ...] = ()
    ledgers: Mapping[str, tuple[CardCharge, ...]] = field(default_factory=dict[str, tuple[CardCharge, ...]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """`ignored`: why no case was opened. `void`: the invoice is to be voided at Stripe (S-35)."""

    state: Attempt | None
    commands: tuple[StartRecoveryAttempt | AttemptCommand, ...] = ()
    events: tuple[AttemptEvent, ...] = ()
    ignored: str | None = None
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that was read: the attempt as it stands, the invoice as Stripe has it, and what else is known."""

    state: Attempt | None
    fetched: InvoiceState
    given: Given


def case(found: Case, context: Context) -> Reconciled:
    return reconcile(found.state, found.fetched, found.given, context)


def reconcile(state: Attempt | None, fetched: InvoiceState, given: Given, context: Context) -> Reconciled:
    """The commands that are no news already are left out."""
    course = _Course(state, context)
    if state is None:
        collect = given.settings.cancellation_policy == "collect_owed"
        window = timedelta(days=given.settings.window_days)
        ignored = renewal.refusal(fetched, given.connected_at, window, collect_owed=collect)
        first = renewal.first_failure(fetched)
        if ignored or first is None:
            return Reconciled(state=state, ignored=ignored)
        course.ask(_start(first, fetched, given))
    _take(course, fetched, given)
    return Reconciled(
        state=course.state,
        commands=tuple(course.commands),
        events=tuple(course.events),
        void=_to_be_voided(course.state, fetched, given, context.now),
    )


class _Course:
    """An attempt under the commands so far."""

    def __init__(self, state: Attempt | None, context: Context) -> None:
        self.state = state
        self.commands: list[StartRecoveryAttempt | AttemptCommand] = []
        self.events: list[AttemptEvent] = []
        self._context = context

    def ask(self, command: StartRecoveryAttempt | AttemptCommand) -> None:
        events = RECOVERY_ATTEMPT.answer(command, self.state, self._context)
        if events:
            self.state = RECOVERY_ATTEMPT.fold(events, self.state)
            self.commands.append(command)
            self.events += events

    @property
    def attempt(self) -> Attempt:
        if self.state is None:
            raise LookupError("there is no attempt")
        return self.state

    @property
    def now(self) -> datetime:
        return self._context.now


def _start(first: ChargeState, fetched: InvoiceState, given: Given) -> StartRecoveryAttempt:
    """Frozen as things stood at the first failure: what was charged then is what there is to win."""
    method = fetched.payment_method
    started_at = first.charge.at
    return StartRecoveryAttempt(
        workspace_id=given.workspace_id,
        stripe_account_id=fetched.account_id,
        stripe_invoice_id=fetched.invoice.id,
        stripe_customer_id=fetched.customer.id,
        stripe_subscription_id=fetched.invoice.subscription_id,
        invoice_number=fetched.invoice.number,
        currency=fetched.invoice.currency,
        amount_due_cents=first.charge.amount_cents,
        started_at=started_at,
        terms=_terms(fetched, given, started_at),
        sequence=given.sequence,
        steps=given.steps,
        card=first.card or (card_of(method) if method else None),
    )


def _terms(fetched: InvoiceState, given: Given, started_at: datetime) -> Terms:
    settings = given.settings
    zone, contact_key = zone_for(fetched.customer.zone, given.zone)
    return Terms(
        retry_limit=settings.retry_limit,
        window_ends_at=started_at + timedelta(days=settings.window_days),
        final_grace_hours=settings.final_grace_hours,
        zone=zone,
        zone_reason=contact_key,
    )


def _take(course: _Course, fetched: InvoiceState, given: Given) -> None:
    """Charges and the card in their order, then money, then what ends or stops the attempt."""

    base = replace(planning_of(given.attempt_id, given.settings), circumstances=fetched.circumstances)

    def plan(fingerprint: str | None) -> Planning:
        return replace(base, ledger=given.ledgers.get(fingerprint or "", ()))

    for command in decide_charges.news(course.attempt, fetched, plan, course.now):
        course.ask(command)
    if course.attempt.pending:
        if fetched.invoice.status != "void":
            course.ask(amounts.amount(course.attempt, fetched))
        _dispute(course, fetched)
        end = _end(course.attempt, fetched, given)
        if end:
            course.ask(end)
    after = course.attempt
    paid = amounts.paid_since(after, fetched)
    if after.status in {"failed", "abandoned"} and paid > after.paid_cents:
        course.ask(RecordLatePayment(amount_cents=paid, paid_at=amounts.paid_at(fetched)))
    back = amounts.gone_back(after, fetched)
    if after.status == "recovered" and back:
        course.ask(back)


def _dispute(course: _Course, fetched: InvoiceState) -> None:
    held = any(hold.reason == DISPUTED for hold in course.attempt.holds)
    if fetched.open_dispute and not held:
        course.ask(HoldRecoveryAttempt(reason=DISPUTED))
    elif held and not fetched.open_dispute:
        course.ask(ResumeRecoveryAttempt(reason=DISPUTED))


def _end(attempt: Attempt, fetched: InvoiceState, given: Given) -> AttemptCommand | None:
    """What came first, where there is more than one: a payment after a cancellation is a late one."""
    ends = sorted(_ends(attempt, fetched, given), key=lambda each: each[0])
    return ends[0][1] if ends else None


def _ends(attempt: Attempt, fetched: InvoiceState, given: Given) -> Iterator[tuple[datetime, AttemptCommand]]:
    invoice = fetched.invoice
    if invoice.status == "paid":
        yield _paid(attempt, fetched)
    if invoice.voided_at or invoice.status == "void":
        yield _abandoned("voided", invoice.voided_at or fetched.fetched_at)
    if invoice.uncollectible_at or invoice.status == "uncollectible":
        yield _abandoned("uncollectible", invoice.uncollectible_at or fetched.fetched_at)
    if given.settings.cancellation_policy == "stop":
        gone, ended = renewal.cancelled_at(fetched), renewal.ended_at(fetched)
        if gone:
            yield _abandoned(CANCELLED, max(gone, attempt.started_at))
        if ended:
            yield _abandoned("subscription_ended", max(ended, attempt.started_at))
    if fetched.customer.deleted:
        yield _abandoned("customer_deleted", fetched.fetched_at)


def _abandoned(reason: str, at: datetime) -> tuple[datetime, AttemptCommand]:
    return at, AbandonRecoveryAttempt(reason=reason, abandoned_at=at)


def _paid(attempt: Attempt, fetched: InvoiceState) -> tuple[datetime, AttemptCommand]:
    """Paid by nothing but credit notes is abandoned: no money came."""
    paid, at = amounts.paid_since(attempt, fetched), amounts.paid_at(fetched)
    if not paid:
        return _abandoned("credited", at)
    by = attributed(attempt, fetched)
    recovered = MarkRecovered(
        recovered_amount_cents=paid,
        recovered_at=at,
        reason="paid_out_of_band" if fetched.invoice.paid_out_of_band else "paid",
        attribution=by.attribution,
        evidence=by.evidence,
    )
    return at, recovered


def _to_be_voided(state: Attempt | None, fetched: InvoiceState, given: Given, now: datetime) -> bool:
    """By the workspace's policy, when the customer has left. Asked again until it is done."""
    if state is None or given.settings.on_cancel_invoice != "void":
        return False
    left = state.status == "abandoned" and state.end_reason == CANCELLED and state.ended_at is not None
    recent = left and state.ended_at is not None and now - state.ended_at <= VOIDED_WITHIN
    return recent and fetched.invoice.status == "open" and not fetched.invoice.amount_paid_cents
