"""What mails and charges have in common: what is told of them, and how a verdict is carried out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from recovery.attempt.commands import AbandonRecoveryAttempt, AttemptCommand, HoldRecoveryAttempt
from recovery.case import transactions
from recovery.invoice.state import InvoiceState
from recovery.preconditions.decide import Postpone, Proceed, Skip, Stop, Verdict
from recovery.preconditions.inputs import AttemptContext, known
from recovery.preconditions.refresh import at_once
from recovery.stripe.gateway import Gateway, UnknownInvoice, disconnected
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.domain.instants import rfc3339
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot, transact
from troupe.stripe.client import Misused

# What a worker is refused when another one was there first, or something has happened meanwhile.
RACES = frozenset(
    {
        "attempt_ended",
        "attempt_held",
        "facts_too_old",
        "no_such_retry",
        "retry_claimed",
        "retry_not_due",
        "step_claimed",
        "step_not_due",
        "step_not_next",
        "step_settled",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it: done, stopped, skipped, postponed, released, changed, unknown, not_needed; and why."""

    outcome: str
    reason: str | None = None
    until: datetime | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> "Outcome":
        match verdict:
            case Proceed():
                return cls(outcome="done")
            case Stop(reason=reason):
                return cls(outcome="stopped", reason=reason)
            case Skip(reason=reason):
                return cls(outcome="skipped", reason=reason)
            case Postpone(until=until, reason=reason):
                return cls(outcome="postponed", reason=reason, until=until)
            case _:
                assert_never(verdict)

    def body(self) -> dict[str, Any]:
        return {"outcome": self.outcome, "reason": self.reason, "until": self.until and rfc3339(self.until)}


def refused(reason: str, *, early: bool) -> Outcome:
    """A flow asks anew what comes next; a person is told no."""
    if early:
        raise Rejected("invalid_state", f"It cannot be done now: {reason.replace('_', ' ')}.")
    return Outcome(outcome="not_needed", reason=reason)


def verdict_commands(verdict: Verdict, put_off: tuple[AttemptCommand, ...]) -> tuple[AttemptCommand, ...]:
    """What a verdict makes of the attempt. One that changes nothing is refused: to ask anew is no use yet."""
    if isinstance(verdict, Stop):
        if not verdict.commands:
            raise Rejected("invalid_state", f"It cannot be done now: {verdict.reason.replace('_', ' ')}.")
        return verdict.commands
    return put_off


def unchanged_since(at: Snapshot, seen: Snapshot, about: AttemptContext) -> bool:
    """Whether the attempt is as it was before Stripe was asked: what is newer knows more than that answer."""
    return at.of(about.attempt).version == seen.of(about.attempt).version


def fetch_invoice(scope: Scope, about: AttemptContext) -> InvoiceState | Outcome:
    """As it is at Stripe now; what shows that there is nothing to ask there is written, and told."""
    try:
        return Gateway(about.account_id).fetch(about.invoice_id, now())
    except UnknownInvoice:
        _write(scope, about, "invoice_gone")
        return Outcome(outcome="stopped", reason="invoice_gone")
    except Misused as failed:
        if not disconnected(failed):
            raise
        _write(scope, about, "account_disconnected")
        return Outcome(outcome="stopped", reason="account_disconnected")


def _write(scope: Scope, about: AttemptContext, reason: str) -> None:
    def decide(at: Snapshot) -> Any:
        days = known(at, about).workspace.settings.disconnect_grace_days
        until = at.scope.context.now + timedelta(days=days)
        held = HoldRecoveryAttempt(reason=reason, until=until)
        command = AbandonRecoveryAttempt(reason=reason) if reason == "invoice_gone" else held
        return transactions.written(at, transactions.decided(at, about.attempt, (command,)))

    transact(at_once(scope), about.targets, decide)
