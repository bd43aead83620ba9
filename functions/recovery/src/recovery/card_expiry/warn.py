"""A card that expires before the next charge: flagged, and its owner told once; or no danger any more.

The mail counts for the same cap as every other. One that has to wait is tried again by a later run, until
the charge; then the case of its failure tells, and no customer gets both on one day (S-56).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from recovery.card_expiry import mail
from recovery.card_expiry.decide import Renewal, endangered, renewal, running_subscription, to_be_warned
from recovery.card_expiry.resolve import over
from recovery.contact import sending_rules
from recovery.contact.decider import CONTACT, Contact, ContactKey, NoteMail, NoteMailNotSent, NoteSuppression
from recovery.invoice.json import Raw
from recovery.mail.links import Link
from recovery.preconditions.inputs import AttemptContext, unchanged
from recovery.preconditions.refresh import at_once
from recovery.risk import transactions
from recovery.risk.decider import AtRisk, Command, FlagSubscriptionAtRisk, ResolveSubscriptionAtRisk
from recovery.step import combine
from recovery.stripe.gateway import Gateway
from recovery.workspace.decider import Workspace
from troupe.clock import now
from troupe.mail import ses
from troupe.mail.ses import MailFailed
from troupe.mail.suppressions import digest
from troupe.observability import outcome
from troupe.store.aggregates import Ref
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact

REASON: Literal["card_expiring"] = "card_expiring"


class Seen(NamedTuple):
    """What came of looking at a subscription; `until`: a mail has to wait that long."""

    flagged: int = 0
    resolved: int = 0
    mailed: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardExpiryCheck:
    """Of one connected account."""

    scope: Scope
    workspace_id: str
    workspace: Workspace
    account_id: str  # Stripe's

    def look(self, raw: Raw, risk: AtRisk | None) -> Seen:
        """Twice is once: what is flagged stays so, and a mail has a key of its own."""
        found = renewal(raw)
        zone, lead = self.workspace.timezone, self.workspace.settings.expiry_lead_days
        if found is None or not endangered(found, zone):
            return self._resolve(raw, risk)
        if not to_be_warned(found, zone, lead, now()):
            return Seen()
        flagged = self._flag(found) if risk is None or not risk.open else 0
        if risk is not None and risk.open and risk.active_recovery_attempt_id:
            return Seen(flagged=flagged)  # its case has it in hand (S-56)
        told = self._tell(found)
        return told._replace(flagged=flagged)

    def _resolve(self, raw: Raw, risk: AtRisk | None) -> Seen:
        """Renewed by the network, replaced, or cancelled (S-54, S-55)."""
        if risk is None or not risk.open:
            return Seen()
        reason = over(risk, running_subscription(raw), automatic=False) or "renewed"
        self._ask(risk.stripe_subscription_id, ResolveSubscriptionAtRisk(reason=reason))
        return Seen(resolved=1)

    def _flag(self, found: Renewal) -> int:
        flag = FlagSubscriptionAtRisk(
            workspace_id=self.workspace_id,
            stripe_customer_id=found.customer_id,
            stripe_subscription_id=found.subscription_id,
            reason=REASON,
            expiration_date=found.good_until,
            renews_at=found.renews_at,
        )
        self._ask(found.subscription_id, flag)
        return 1

    def _ask(self, subscription_id: str, command: Command) -> None:
        risk = transactions.ref(self.workspace_id, subscription_id, REASON)
        transact(
            at_once(self.scope),
            (risk,),
            lambda at: Decision(changes=(transactions.decided(at, risk, (command,)),)),
        )

    # The mail

    def _tell(self, found: Renewal) -> Seen:
        at_risk = transactions.ref(self.workspace_id, found.subscription_id, REASON)
        once = f"{at_risk.id}:{found.renews_at:%Y%m%d}"
        before = ses.sent(self.scope.tenant_id, once)
        if before and before.status in {"sent", "suppressed", "sending"}:
            return Seen()
        fresh = Gateway(self.account_id).subscription(found.subscription_id)
        again = renewal(fresh) if fresh else None
        if again is None or not endangered(again, self.workspace.timezone) or not again.email:
            return Seen()  # the next run sees what became of it
        return self._claim(again, once)

    def _claim(self, found: Renewal, once: str) -> Seen:
        about, waits = self._subject(found), list[sending_rules.Wait | None]()
        contact_key = ContactKey(workspace_id=self.workspace_id, stripe_customer_id=found.customer_id)

        def decide(at: Snapshot) -> Decision:
            person = at.find(Ref(decider=CONTACT, id=about.contact_id)).state
            if isinstance(person, Contact) and _refuses(person, found):
                waits.append(sending_rules.Wait(now(), "refused"))
                return Decision(changes=())
            sends = (
                [each.at for each in person.mails if each.about != once]
                if isinstance(person, Contact)
                else []
            )
            instant, settings = at.scope.context.now, self.workspace.settings
            waits.append(sending_rules.wait(instant, self.workspace.timezone, sends, settings))
            if waits[-1]:
                return Decision(changes=())
            note = NoteMail(contact_key=contact_key, about=once, kind=REASON)
            noted = combine.contacted(at, about, (note,))
            return Decision(changes=(noted,), actions=unchanged(at, about))

        wanted = (about.contact, about.workspace, about.account, about.standing)
        transact(at_once(self.scope), wanted, decide)
        wait = waits[-1]
        if wait:
            return Seen(until=None if wait.reason == "refused" else wait.until)
        return self._send(found, once, about)

    def _subject(self, found: Renewal) -> AttemptContext:
        return AttemptContext(
            tenant_id=self.scope.tenant_id,
            attempt_id="",
            workspace_id=self.workspace_id,
            account_id=self.account_id,
            customer_id=found.customer_id,
            invoice_id="",
        )

    def _send(self, found: Renewal, once: str, about: AttemptContext) -> Seen:
        link = Link(
            purpose="opt_out",
            tenant_id=self.scope.tenant_id,
            about_id=once,
            step_id=None,
            workspace_id=self.workspace_id,
            customer_id=found.customer_id,
            at=now(),
        )
        letter = mail.letter(found, self.workspace, link, self.workspace.timezone)
        try:
            came = ses.send(letter, once=once, never_twice=True)
        except MailFailed as failed:
            outcome("expiry_mail_failed", tenant_id=self.scope.tenant_id, error=type(failed).__name__)
            self._take_back(about, once)
            return Seen()
        if came == "suppressed":
            self._take_back(about, once, digest(found.email or ""))
        return Seen(mailed=came == "sent")

    def _take_back(self, about: AttemptContext, once: str, address: str | None = None) -> None:
        taken = NoteMailNotSent(contact_key=about.contact_key, about=once)
        noted = address and NoteSuppression(
            contact_key=about.contact_key, address_digest=address, reason="bounce_or_complaint"
        )
        commands = (taken, noted) if noted else (taken,)
        transact(
            at_once(self.scope),
            (about.contact,),
            lambda at: Decision(changes=(combine.contacted(at, about, commands),)),
        )


def _refuses(person: Contact, found: Renewal) -> bool:
    return person.opted_out_at is not None or person.suppressed_address == digest(found.email or "")
