"""One step of an attempt, sent: claimed together with all that it rests on, then delivered.

What a stop in the middle leaves behind, and who goes on from there:

1. Nothing is written before the claim.
2. Under the claim no other worker sends. When its lease is over the flow takes it up again, under the same
key of the mail: what has left is recorded, what has not is asked about anew and sent. 3. The mail is sent
`never_twice`: where SES may have taken it and the answer is lost, it counts as sent.
"""

from dataclasses import dataclass

from recovery.attempt.commands import AttemptCommand, ClaimStep, PostponeStep, ReleaseStep, SkipStep
from recovery.attempt.next_action import SendStep, next_action, outlook
from recovery.attempt.state import Attempt, Step
from recovery.case import transactions
from recovery.contact.decider import NoteMail
from recovery.contact.sending_rules import DAY
from recovery.invoice.state import InvoiceState
from recovery.mail.render import InvoiceSummary
from recovery.preconditions.apply import (
    RACES,
    Outcome,
    fetch_invoice,
    refused,
    unchanged_since,
    verdict_commands,
)
from recovery.preconditions.decide import Known, Postpone, Proceed, Verdict, gate, stored
from recovery.preconditions.inputs import AttemptContext, known, load_context, mailing, read, unchanged
from recovery.preconditions.refresh import at_once, refresh
from recovery.step import combine
from recovery.step.deliver import Delivery
from recovery.stripe.gateway import Gateway
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.mail import ses
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, Unknown, transact


def send(scope: Scope, attempt_id: str, step_id: str, *, early: bool) -> Outcome:
    """`early`: a person wants it before its time; what keeps it back is refused then, and moves nothing."""
    sending = _Sending(
        scope=scope, about=load_context(scope.tenant_id, attempt_id), step_id=step_id, early=early
    )
    try:
        return sending.run()
    except Rejected as refusal:
        if early or refusal.code not in RACES:
            raise
        return Outcome(outcome="not_needed", reason=refusal.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    scope: Scope
    about: AttemptContext
    step_id: str
    early: bool

    @property
    def once(self) -> str:
        return f"{self.about.attempt_id}:{self.step_id}"

    def run(self) -> Outcome:
        at = read(at_once(self.scope), self.about)
        stands = known(at, self.about, self.once)
        step = next((each for each in stands.attempt.steps if each.id == self.step_id), None)
        if step is None:
            raise Unknown(self.step_id)
        if _lapsed(step) and (told := self._left(stands.attempt)):
            return told
        if not self._due(stands.attempt, step):
            return refused("step_not_due", early=self.early)
        if verdict := stored(stands, at.scope.context.now):
            return self._stop(verdict)
        fetched = fetch_invoice(self.scope, self.about)
        if isinstance(fetched, Outcome):
            return fetched
        if refresh(self.scope, self.about, at, fetched):
            return Outcome(outcome="changed")  # ask anew what comes next
        too_little = self._too_little(stands, fetched)
        return self._stop(too_little) if too_little else self._claim(at, fetched)

    def _too_little(self, stands: Known, fetched: InvoiceState) -> Postpone | None:
        """Postpone a mail about less than the workspace's threshold; a day later the amount may be higher."""
        currency = stands.attempt.currency
        least = stands.workspace.settings.mail_thresholds.get(currency, 0)
        if fetched.invoice.amount_remaining_cents >= least:
            return None
        if Gateway(self.about.account_id).owed(self.about.customer_id, currency, now()) >= least:
            return None
        return Postpone(until=now() + DAY, reason="below_threshold")

    def _due(self, attempt: Attempt, step: Step) -> bool:
        planned = next_action(attempt, now()) == SendStep(step_id=self.step_id)
        return planned or (self.early and attempt.pending and step.open)

    def _left(self, attempt: Attempt) -> Outcome | None:
        """A worker died under its claim: a mail that it sent is recorded, and not sent again."""
        found = ses.sent(self.about.tenant_id, self.once)
        if found is None or found.status not in {"sent", "sending"}:
            return None
        self._delivery(()).record(outlook(attempt, self.step_id), found.message_id)
        return Outcome(outcome="sent", reason="recorded")

    def _delivery(self, combined: tuple[InvoiceSummary, ...]) -> Delivery:
        return Delivery(
            scope=self.scope, about=self.about, step_id=self.step_id, once=self.once, combined=combined
        )

    def _claim(self, seen: Snapshot, fetched: InvoiceState) -> Outcome:
        combined = combine.other_invoices(self.scope, self.about, self.once)
        told: list[Outcome] = []
        claimed: list[InvoiceSummary] = []

        def decide(at: Snapshot) -> Decision:
            if not unchanged_since(at, seen, self.about):
                told.append(Outcome(outcome="changed"))
                return Decision(changes=())
            effect, instant = mailing(self.step_id, fetched), at.scope.context.now
            verdict = gate(known(at, self.about, self.once), fetched, effect, instant)
            told.append(Outcome.of(verdict))
            if not isinstance(verdict, Proceed):
                return self._stopped(at, verdict)
            claimed[:] = [each for each in combined if combine.fits(at, each, self.once)]
            return self._claiming(at, fetched, claimed)

        wanted = (*self.about.targets, *(each.about.attempt for each in combined))
        transact(at_once(self.scope), wanted, decide)
        if told[-1].outcome != "done":
            return told[-1]
        return self._delivery(tuple(claimed)).run(fetched)

    def _claiming(self, at: Snapshot, fetched: InvoiceState, combined: list[InvoiceSummary]) -> Decision:
        """The claims of all that the mail speaks for, and the mail itself, which counts for the cap."""
        mine = ClaimStep(step_id=self.step_id, fetched_at=fetched.fetched_at, early=self.early)
        changes = [transactions.decided(at, self.about.attempt, (mine,))]
        for each in combined:
            with_it = ClaimStep(step_id=each.step_id, fetched_at=each.fetched.fetched_at, early=True)
            changes.append(transactions.decided(at, each.about.attempt, (with_it,)))
        note = NoteMail(contact_key=self.about.contact_key, about=self.once, kind="payment_failed")
        noted = combine.contacted(at, self.about, (note,))
        return Decision(changes=(*changes, noted), actions=unchanged(at, self.about))

    def _stop(self, verdict: Verdict) -> Outcome:
        transact(at_once(self.scope), self.about.targets, lambda at: self._stopped(at, verdict))
        return Outcome.of(verdict)

    def _stopped(self, at: Snapshot, verdict: Verdict) -> Decision:
        """What it makes of the attempt. A person who is early is told no, and nothing is moved for that."""
        told = Outcome.of(verdict)
        if self.early:
            refused(told.reason or "", early=True)
        commands = verdict_commands(verdict, self._put_off(told))
        return transactions.written(at, transactions.decided(at, self.about.attempt, commands))

    def _put_off(self, told: Outcome) -> tuple[AttemptCommand, ...]:
        reason = told.reason or ""
        if told.until is None:
            return (SkipStep(step_id=self.step_id, reason=reason),)
        postponed = PostponeStep(step_id=self.step_id, due_at=told.until, reason=reason)
        return (ReleaseStep(step_id=self.step_id, reason=reason), postponed)


def _lapsed(step: Step) -> bool:
    return step.sent_at is None and step.claimed_until is not None and step.claimed_until <= now()
