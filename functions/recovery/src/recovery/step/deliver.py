"""A step that is claimed: looked at once more, mailed and recorded, or given back with the reason."""

from dataclasses import dataclass
from datetime import timedelta

from recovery.attempt.commands import AttemptCommand, PostponeStep, RecordStepSent, ReleaseStep, SkipStep
from recovery.attempt.next_action import Outlook
from recovery.attempt.state import Attempt
from recovery.case import transactions
from recovery.contact.decider import Command as ContactCommand
from recovery.contact.decider import NoteSuppression, TakeMailBack
from recovery.invoice.state import Truth
from recovery.mail.render import Letter, Matter, write
from recovery.preconditions.apply import Told
from recovery.preconditions.decide import Proceed, gate
from recovery.preconditions.inputs import Subject, known, mailing, read
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
    about: Subject
    step_id: str
    once: str
    beside: tuple[Matter, ...] = ()

    def run(self, truth: Truth) -> Told:
        """One more consistent look: what has changed since the claim releases it."""
        at = read(at_once(self.scope), self.about, *(each.about.attempt for each in self.beside))
        stands = known(at, self.about, self.once)
        verdict = gate(stands, truth, mailing(self.step_id, truth), at.scope.context.now)
        if not isinstance(verdict, Proceed):
            reason = Told.of(verdict).reason or ""
            return self._release(reason, (ReleaseStep(step_id=self.step_id, reason=reason),))
        mine = Matter(about=self.about, attempt=stands.attempt, truth=truth, step_id=self.step_id)
        beside = combine.still(at, self.beside)
        try:
            letter = self._letter((mine, *beside), stands.workspace)
        except BadTemplate as wrong:
            outcome("step_not_rendered", tenant_id=self.about.tenant_id, once=self.once, code=wrong.code)
            return self._skip("bad_template")
        return self._send(letter, truth, beside)

    def _letter(self, matters: tuple[Matter, ...], workspace: Workspace) -> Letter:
        return write(self._template(matters[0].attempt), matters, workspace, now())

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

    def _send(self, letter: Letter, truth: Truth, beside: tuple[Matter, ...]) -> Told:
        try:
            came = ses.send(letter.mail, once=self.once, never_twice=True)
        except MailLater:
            return self._again(SOON, "mail_later")
        except MailRefused:
            return self._again(LATER, "mail_refused")
        noted = ses.sent(self.about.tenant_id, self.once)
        if came == "suppressed" or (noted and noted.status == "suppressed"):
            return self._suppressed(truth)
        self.record(letter.outlook, noted and noted.message_id, beside)
        return Told(outcome="sent", reason=None if came == "sent" else came)

    def record(self, seen: Outlook, message_id: str | None, beside: tuple[Matter, ...] = ()) -> None:
        """It left; the steps that it spoke for are sent with it, and other claims are given back."""
        sent_at, spoken = now(), {each.about.attempt_id for each in beside}

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
            mine = sent(self.step_id, tuple(each.about.invoice_id for each in beside), seen)
            changes = [transactions.decided(at, self.about.attempt, (mine,))]
            for each in self.beside:
                with_it = sent(each.step_id, (self.about.invoice_id,), seen)
                left_out = ReleaseStep(step_id=each.step_id, reason="changed")
                command = with_it if each.about.attempt_id in spoken else left_out
                changes.append(transactions.decided(at, each.about.attempt, (command,)))
            return Decision(changes=tuple(changes))

        transact(at_once(self.scope), self._attempts, decide)

    @property
    def _attempts(self) -> tuple[transactions.AttemptRef, ...]:
        return (self.about.attempt, *(each.about.attempt for each in self.beside))

    def _again(self, wait: timedelta, reason: str) -> Told:
        """Not sent, or not known to be: taken up later, with the same key of the mail."""
        due_at = now() + wait
        released = ReleaseStep(step_id=self.step_id, reason=reason)
        postponed = PostponeStep(step_id=self.step_id, due_at=due_at, reason=reason)
        self._give_back(reason, (released, postponed))
        return Told(outcome="postponed", reason=reason, until=due_at)

    def _release(self, reason: str, commands: tuple[AttemptCommand, ...]) -> Told:
        self._give_back(reason, commands)
        return Told(outcome="released", reason=reason)

    def _skip(self, reason: str, *more: ContactCommand) -> Told:
        self._give_back(reason, (SkipStep(step_id=self.step_id, reason=reason),), *more)
        return Told(outcome="skipped", reason=reason)

    def _suppressed(self, truth: Truth) -> Told:
        """No mail goes to the address any more (S-47): the step is skipped, and the contact says why."""
        address = digest(truth.customer.email or "")
        note = NoteSuppression(whose=self.about.whose, address_digest=address, reason="bounce_or_complaint")
        return self._skip("suppressed", note)

    def _give_back(self, reason: str, commands: tuple[AttemptCommand, ...], *more: ContactCommand) -> None:
        """The claims are over, and the mail does not count for the cap."""

        def decide(at: Snapshot) -> Decision:
            mine = transactions.decided(at, self.about.attempt, commands)
            others = [
                transactions.decided(
                    at, each.about.attempt, (ReleaseStep(step_id=each.step_id, reason=reason),)
                )
                for each in self.beside
            ]
            taken = (TakeMailBack(whose=self.about.whose, about=self.once), *more)
            return Decision(changes=(mine, *others, combine.contacted(at, self.about, taken)))

        transact(at_once(self.scope), (*self._attempts, self.about.contact), decide)
