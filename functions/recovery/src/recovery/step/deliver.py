"""A step that is claimed: looked at once more, mailed and recorded, or given back with the reason."""

from dataclasses import dataclass
from datetime import timedelta

from recovery.attempt.commands import AttemptCommand, PostponeStep, RecordStepSent, ReleaseStep, SkipStep
from recovery.attempt.next_action import Outlook
from recovery.attempt.state import Attempt
from recovery.case import transactions
from recovery.contact.decider import Command as ContactCommand
from recovery.contact.decider import NoteMailNotSent, NoteSuppression
from recovery.invoice.state import InvoiceState
from recovery.mail.render import DunningMail, InvoiceSummary, write
from recovery.preconditions.apply import Outcome
from recovery.preconditions.decide import Proceed, gate
from recovery.preconditions.inputs import AttemptContext, known, mailing, read
from recovery.preconditions.refresh import at_once
from recovery.sequence import transactions as sequence_transactions
from recovery.sequence.events import Step
from recovery.step import combine
from recovery.workspace.decider import Workspace
from troupe.clock import now
from troupe.mail import ses
from troupe.mail.ses import MailLater, MailRefused
from troupe.mail.suppressions import digest
from troupe.mail.templates import BadTemplate
from troupe.observability import outcome
from troupe.store import reads
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact

SOON, LATER = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """`beside`: what else the mail speaks for, claimed with it. `once` is the key of the mail."""

    scope: Scope
    about: AttemptContext
    step_id: str
    once: str
    combined: tuple[InvoiceSummary, ...] = ()

    def run(self, fetched: InvoiceState) -> Outcome:
        """One more consistent look: what has changed since the claim releases it."""
        at = read(at_once(self.scope), self.about, *(each.about.attempt for each in self.combined))
        stands = known(at, self.about, self.once)
        verdict = gate(stands, fetched, mailing(self.step_id, fetched), at.scope.context.now)
        if not isinstance(verdict, Proceed):
            reason = Outcome.of(verdict).reason or ""
            return self._release(reason, (ReleaseStep(step_id=self.step_id, reason=reason),))
        mine = InvoiceSummary(about=self.about, attempt=stands.attempt, fetched=fetched, step_id=self.step_id)
        combined = combine.still_due(at, self.combined)
        try:
            letter = self._letter((mine, *combined), stands.workspace)
        except BadTemplate as wrong:
            outcome("step_not_rendered", tenant_id=self.about.tenant_id, once=self.once, code=wrong.code)
            return self._skip("bad_template")
        return self._send(letter, fetched, combined)

    def _letter(self, summaries: tuple[InvoiceSummary, ...], workspace: Workspace) -> DunningMail:
        return write(self._template(summaries[0].attempt), summaries, workspace, now())

    def _template(self, attempt: Attempt) -> Step:
        """The step as it is in the edition that the attempt goes by (S-41)."""
        tenant_id, sequence = self.about.tenant_id, attempt.sequence
        key = sequence and sequence_transactions.edition_key(tenant_id, sequence.id, sequence.edition)
        item = reads.one(key) if key else None
        steps = sequence_transactions.edition_of(item).steps if item else ()
        found = next((each for each in steps if each.id == self.step_id), None)
        if found is None:
            raise BadTemplate("no_template", "The attempt's edition has no such step.")
        return found

    def _send(
        self, letter: DunningMail, fetched: InvoiceState, combined: tuple[InvoiceSummary, ...]
    ) -> Outcome:
        try:
            came = ses.send(letter.mail, once=self.once, never_twice=True)
        except MailLater:
            return self._again(SOON, "mail_later")
        except MailRefused:
            return self._again(LATER, "mail_refused")
        noted = ses.sent(self.about.tenant_id, self.once)
        if came == "suppressed" or (noted and noted.status == "suppressed"):
            return self._suppressed(fetched)
        self.record(letter.outlook, noted and noted.message_id, combined)
        return Outcome(outcome="sent", reason=None if came == "sent" else came)

    def record(
        self, seen: Outlook, message_id: str | None, combined: tuple[InvoiceSummary, ...] = ()
    ) -> None:
        """It left; the steps that it spoke for are sent with it, and other claims are given back."""
        sent_at, spoken = now(), {each.about.attempt_id for each in combined}

        def sent(step_id: str, invoices: tuple[str, ...], outlook: Outlook) -> RecordStepSent:
            return RecordStepSent(
                step_id=step_id,
                sent_at=sent_at,
                message_id=message_id,
                will_retry=outlook.will_retry,
                retry_at=outlook.retry_at,
                is_final=outlook.is_final,
                with_invoices=invoices,
            )

        def decide(at: Snapshot) -> Decision:
            mine = sent(self.step_id, tuple(each.about.invoice_id for each in combined), seen)
            changes = [transactions.decided(at, self.about.attempt, (mine,))]
            for each in self.combined:
                with_it = sent(each.step_id, (self.about.invoice_id,), seen)
                left_out = ReleaseStep(step_id=each.step_id, reason="changed")
                command = with_it if each.about.attempt_id in spoken else left_out
                changes.append(transactions.decided(at, each.about.attempt, (command,)))
            return Decision(changes=tuple(changes))

        transact(at_once(self.scope), self._attempts, decide)

    @property
    def _attempts(self) -> tuple[transactions.AttemptRef, ...]:
        return (self.about.attempt, *(each.about.attempt for each in self.combined))

    def _again(self, wait: timedelta, reason: str) -> Outcome:
        """Not sent, or not known to be: taken up later, with the same key of the mail."""
        due_at = now() + wait
        released = ReleaseStep(step_id=self.step_id, reason=reason)
        postponed = PostponeStep(step_id=self.step_id, due_at=due_at, reason=reason)
        self._give_back(reason, (released, postponed))
        return Outcome(outcome="postponed", reason=reason, until=due_at)

    def _release(self, reason: str, commands: tuple[AttemptCommand, ...]) -> Outcome:
        self._give_back(reason, commands)
        return Outcome(outcome="released", reason=reason)

    def _skip(self, reason: str, *more: ContactCommand) -> Outcome:
        self._give_back(reason, (SkipStep(step_id=self.step_id, reason=reason),), *more)
        return Outcome(outcome="skipped", reason=reason)

    def _suppressed(self, fetched: InvoiceState) -> Outcome:
        """No mail goes to the address any more (S-47): the step is skipped, and the contact says why."""
        address = digest(fetched.customer.email or "")
        note = NoteSuppression(
            contact_key=self.about.contact_key, address_digest=address, reason="bounce_or_complaint"
        )
        return self._skip("suppressed", note)

    def _give_back(self, reason: str, commands: tuple[AttemptCommand, ...], *more: ContactCommand) -> None:
        """The claims are over, and the mail does not count for the cap."""

        def decide(at: Snapshot) -> Decision:
            mine = transactions.decided(at, self.about.attempt, commands)
            others = [
                transactions.decided(
                    at, each.about.attempt, (ReleaseStep(step_id=each.step_id, reason=reason),)
                )
                for each in self.combined
            ]
            taken = (NoteMailNotSent(contact_key=self.about.contact_key, about=self.once), *more)
            return Decision(changes=(mine, *others, combine.contacted(at, self.about, taken)))

        transact(at_once(self.scope), (*self._attempts, self.about.contact), decide)
