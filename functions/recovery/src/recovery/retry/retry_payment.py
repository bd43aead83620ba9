"""The planned retry of an attempt, made: claimed under a key, charged once, and what came of it recorded.

What a stop in the middle leaves behind, and who goes on from there:

1. Nothing is written before the claim.
2. Under the claim no other worker charges. When its lease is over the flow takes it up again, under the same
   idempotency key: Stripe then answers what it answered before, and charges nothing again. A key is good for
   24 hours (https://docs.stripe.com/api/idempotent_requests); beyond that a charge of the claim's time would
   have been found among the invoice's, which are looked at first (S-21).
3. What came of it is not taken from the answer but from the invoice, fetched anew: it is the same whether the
   answer was lost, the worker died, or a webhook was first.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recovery.attempt.commands import AttemptCommand, ClaimRetry, PostponeRetry, ReleaseRetry
from recovery.attempt.next_action import Retry as PlannedRetry
from recovery.attempt.next_action import next_action
from recovery.attempt.state import Attempt, Retry
from recovery.case import card_charges, transactions
from recovery.invoice.state import InvoiceState
from recovery.policy.ceilings import CardCharge
from recovery.preconditions.apply import (
    RACES,
    Outcome,
    fetch_invoice,
    refused,
    unchanged_since,
    verdict_commands,
)
from recovery.preconditions.decide import Charging, Known, Proceed, Skip, Verdict, gate, stored
from recovery.preconditions.inputs import AttemptContext, known, load_context, read, unchanged
from recovery.preconditions.refresh import at_once, refresh
from recovery.retry import rate_limit
from recovery.stripe.gateway import Gateway, disconnected
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.observability import outcome
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, Decision, Snapshot, transact
from troupe.stripe.client import Declined, Misused, RetryLater, UnknownOutcome, idempotency_key

SLOWER, TOMORROW = timedelta(minutes=5), timedelta(hours=25)
BY_PEOPLE = 5  # retries of one attempt that people may have made at once; they count for no budget (S-14)


def retry(scope: Scope, attempt_id: str, *, early: bool) -> Outcome:
    """`early`: a person wants it before its time; what keeps it back is refused then, and moves nothing."""
    retrying = _Retrying(scope=scope, about=load_context(scope.tenant_id, attempt_id), early=early)
    try:
        return retrying.run()
    except Rejected as refusal:
        if early or refusal.code not in RACES:
            raise
        return Outcome(outcome="not_needed", reason=refusal.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Retrying:
    scope: Scope
    about: AttemptContext
    early: bool

    def run(self) -> Outcome:
        at = read(at_once(self.scope), self.about)
        stands = known(at, self.about)
        planned = stands.attempt.retry
        if planned is None or not self._due(stands.attempt, planned):
            return refused("retry_not_due", early=self.early)
        if self.early:
            _limit(stands.attempt)
        if verdict := stored(stands, at.scope.context.now):
            return self._stop(planned, verdict)
        fetched = fetch_invoice(self.scope, self.about)
        if isinstance(fetched, Outcome):
            return fetched
        if refresh(self.scope, self.about, at, fetched):
            return Outcome(outcome="changed")  # ask anew what comes next
        return self._claim(at, planned, fetched)

    def _due(self, attempt: Attempt, planned: Retry) -> bool:
        return next_action(attempt, now()) == PlannedRetry(number=planned.number) or (
            self.early and attempt.pending
        )

    def _key(self, number: int) -> str:
        return idempotency_key(self.about.tenant_id, self.about.attempt_id, number)

    def _holder(self, number: int) -> str:
        return card_charges.reservation(self.about.attempt_id, number)

    # The claim

    def _claim(self, seen: Snapshot, planned: Retry, fetched: InvoiceState) -> Outcome:
        places = self._slots(seen)
        told: list[Outcome] = []

        def decide(at: Snapshot) -> Decision:
            if not unchanged_since(at, seen, self.about):
                told.append(Outcome(outcome="changed"))
                return Decision(changes=())
            ledger, stands = self._known(at, planned, fetched)
            instant = at.scope.context.now
            verdict = gate(stands, fetched, Charging(number=planned.number), instant)
            told.append(Outcome.of(verdict))
            if not isinstance(verdict, Proceed):
                return self._stopped(at, planned, verdict)
            taken = rate_limit.take(at, places, self._holder(planned.number), instant)
            if taken is None and not planned.claimed_until:  # who was at it before had one
                until = rate_limit.later(self.about.attempt_id, planned.number, instant)
                told[-1] = Outcome(outcome="postponed", reason="no_slot", until=until)
                return self._put_off(at, planned, told[-1])
            claim = self._claiming(at, planned, fetched, ledger)
            return replace(claim, actions=(*claim.actions, *((taken,) if taken else ())))

        transact(at_once(self.scope), (*self.about.targets, *places), decide)
        if told[-1].outcome != "done":
            return told[-1]
        try:
            return self._charge(planned, fetched)
        finally:
            self._free(places, planned)

    def _slots(self, at: Snapshot) -> tuple[Key, ...]:
        settings = known(at, self.about).workspace.settings
        return rate_limit.keys_to_read(
            self.about.tenant_id, self.about.account_id, settings.retry_concurrency
        )

    def _known(
        self, at: Snapshot, planned: Retry, fetched: InvoiceState
    ) -> tuple[card_charges.Ledger, Known]:
        """With the card's ledger as it is now, without what this very retry has reserved."""
        fingerprint = fetched.payment_method.fingerprint if fetched.payment_method else None
        ledger = card_charges.read(self.about.tenant_id, fingerprint, at.scope.context.now)
        own = self._holder(planned.number)
        others = tuple(each for each in ledger.charges if each.charge_id != own)
        return ledger, known(at, self.about, ledger=others)

    def _claiming(
        self, at: Snapshot, planned: Retry, fetched: InvoiceState, ledger: card_charges.Ledger
    ) -> Decision:
        claim = ClaimRetry(
            number=planned.number,
            idempotency_key=self._key(planned.number),
            fetched_at=fetched.fetched_at,
            fingerprint=ledger.fingerprint or None,
            early=self.early,
        )
        change = transactions.decided(at, self.about.attempt, (claim,))
        decision = transactions.written(at, change)
        intended = CardCharge(
            charge_id=self._holder(planned.number),
            at=at.scope.context.now,
            account=self.about.account_id,
            amount_cents=fetched.invoice.amount_remaining_cents,
            currency=fetched.invoice.currency,
            approved=False,
            initiator="troupe",
            invoice_id=self.about.invoice_id,
        )
        reserved = card_charges.reserved(self.about.tenant_id, ledger, intended)
        return replace(decision, actions=(*decision.actions, *reserved, *unchanged(at, self.about)))

    def _stop(self, planned: Retry, verdict: Verdict) -> Outcome:
        transact(at_once(self.scope), self.about.targets, lambda at: self._stopped(at, planned, verdict))
        return Outcome.of(verdict)

    def _stopped(self, at: Snapshot, planned: Retry, verdict: Verdict) -> Decision:
        told = Outcome.of(verdict)
        if self.early:
            refused(told.reason or "", early=True)
        if isinstance(verdict, Skip):
            return self._drop(at, planned, told)
        if told.until:
            return self._put_off(at, planned, told)
        commands = verdict_commands(verdict, ())
        return transactions.written(at, transactions.decided(at, self.about.attempt, commands))

    def _put_off(self, at: Snapshot, planned: Retry, told: Outcome) -> Decision:
        """Nothing is counted: the same retry, later. A claim of before, under which nothing came, ends."""
        if self.early:
            refused(told.reason or "", early=True)
        reason, until = told.reason or "", told.until or at.scope.context.now
        commands: tuple[AttemptCommand, ...] = (
            ReleaseRetry(number=planned.number, reason=reason, retry_at=until),
            PostponeRetry(number=planned.number, reason=reason, retry_at=until),
        )
        return transactions.written(at, transactions.decided(at, self.about.attempt, commands))

    def _drop(self, at: Snapshot, planned: Retry, told: Outcome) -> Decision:
        """Give up the retry for good: it is claimed first, so that no other worker makes it."""
        claim = ClaimRetry(
            number=planned.number,
            idempotency_key=self._key(planned.number),
            fetched_at=at.scope.context.now,
        )
        drop = ReleaseRetry(number=planned.number, reason=told.reason or "")
        return transactions.written(at, transactions.decided(at, self.about.attempt, (claim, drop)))

    # Under the claim

    def _charge(self, planned: Retry, fetched: InvoiceState) -> Outcome:
        """One more consistent look, then the charge; what changed since the claim releases it."""
        seen = read(at_once(self.scope), self.about)
        _, stands = self._known(seen, planned, fetched)
        claimed = stands.attempt.retry
        verdict = gate(stands, fetched, Charging(number=planned.number), seen.scope.context.now)
        if not isinstance(verdict, Proceed) or claimed is None or claimed.idempotency_key is None:
            return self._release(planned, Outcome.of(verdict).reason or "changed", now())
        gateway = Gateway(self.about.account_id)
        try:
            gateway.pay_invoice(self.about.invoice_id, None, claimed.idempotency_key)
        except Declined:
            return self._record("declined", planned)
        except RetryLater as slow:
            wait = timedelta(seconds=slow.after_seconds) if slow.after_seconds else SLOWER
            return self._release(planned, "slow_down", now() + max(wait, SLOWER))
        except UnknownOutcome as lost:
            outcome(
                "charge_unknown",
                tenant_id=self.about.tenant_id,
                attempt_id=self.about.attempt_id,
                code=lost.code,
            )
            return Outcome(outcome="unknown")  # the claim stands: the same key again, when its lease is over
        except Misused as wrong:
            return self._misused(planned, wrong)
        return self._record("paid", planned)

    def _misused(self, planned: Retry, wrong: Misused) -> Outcome:
        """Stripe refused the call itself: it is paid, void or gone by now, or the key was another call's."""
        if disconnected(wrong):
            self._release(planned, "account_disconnected", now())
            told = fetch_invoice(self.scope, self.about)
            return (
                told
                if isinstance(told, Outcome)
                else Outcome(outcome="stopped", reason="account_disconnected")
            )
        return self._record(f"refused_{wrong.code or 'call'}", planned)

    def _record(self, came: str, planned: Retry) -> Outcome:
        """What the invoice tells now. A retry that left no charge is tried again, under another key."""
        seen = read(at_once(self.scope), self.about)
        fetched = fetch_invoice(self.scope, self.about)
        if isinstance(fetched, Outcome):
            return fetched
        refresh(self.scope, self.about, seen, fetched)
        left = known(read(at_once(self.scope), self.about), self.about).attempt
        if left.pending and left.retry and left.retry.number == planned.number and left.retry.claimed_until:
            return self._release(planned, came, now() + TOMORROW, spent=True)
        return Outcome(outcome="done", reason=came)

    def _release(self, planned: Retry, reason: str, at: datetime, *, spent: bool = False) -> Outcome:
        release = ReleaseRetry(number=planned.number, reason=reason, retry_at=at, spent=spent)

        def decide(found: Snapshot) -> Decision:
            return transactions.written(found, transactions.decided(found, self.about.attempt, (release,)))

        transact(at_once(self.scope), self.about.targets, decide)
        return Outcome(outcome="released", reason=reason, until=at)

    def _free(self, places: tuple[Key, ...], planned: Retry) -> None:
        """The slot is free at once; where that fails it is when its lease is over."""
        holder = self._holder(planned.number)

        def decide(at: Snapshot) -> Decision:
            return Decision(changes=(), actions=rate_limit.free(places, at, holder))

        try:
            transact(at_once(self.scope), places, decide)
        except (Contended, Unavailable) as failed:
            outcome("slot_not_freed", tenant_id=self.about.tenant_id, error=type(failed).__name__)


def _limit(attempt: Attempt) -> None:
    if sum(each.by_person for each in attempt.charges) >= BY_PEOPLE:
        raise Rejected("too_many_retries", "People have had this card charged often enough.")
