"""Whether a mail or a charge is still right, by what Stripe says now and what Troupe stores. Pure.

Asked just before the claim. What is different from what was planned stops it: it changes the attempt, is
skipped, or waits, and the reason is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from recovery.attempt.commands import AbandonRecoveryAttempt, AttemptCommand, HoldRecoveryAttempt
from recovery.attempt.decide_step import LATEST_FACTS
from recovery.attempt.next_action import next_step
from recovery.attempt.state import Attempt
from recovery.contact import sending_rules
from recovery.invoice import renewal
from recovery.invoice.state import InvoiceState
from recovery.policy.ceilings import CardCharge, Denied, Intended, next_allowed
from recovery.policy.circumstances import in_the_way
from recovery.policy.decision import ANOTHER_CARD
from recovery.policy.decline import Classification
from recovery.workspace.decider import Workspace

WRITING = frozenset({"trial", "active"})  # tenants in good standing
UNDER_WAY = timedelta(hours=1)  # after which a payment that is under way is looked at again
PAUSED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What Troupe stores. `standing` is the tenant's; `sends` are of the last days, to this customer."""

    attempt: Attempt
    workspace: Workspace
    account_connected: bool
    standing: str
    opted_out: bool = False
    suppressed_address: str | None = None  # the digest of one that no mail goes to
    sends: tuple[datetime, ...] = ()
    ledger: tuple[CardCharge, ...] = ()  # of the card that would be charged


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """`address`: the digest of the one that the mail would go to."""

    step_id: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charging:
    number: int


type Effect = Mailing | Charging


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceed:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """It is not done. `commands` make the attempt what it has to be; without any it has to be asked anew."""

    reason: str
    commands: tuple[AttemptCommand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """This one is not done, and never will be."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone:
    until: datetime
    reason: str


type Verdict = Proceed | Stop | Skip | Postpone


def gate(
    known: Known, fetched: InvoiceState, effect: Effect, now: datetime, found: Sequence[AttemptCommand] = ()
) -> Verdict:
    """`found`: what is different at Stripe, as commands (`reconcile`); they come before anything else."""
    if now - fetched.fetched_at > LATEST_FACTS:
        return Stop(reason="facts_too_old")
    if found:
        return Stop(reason="changed", commands=tuple(found))
    verdict = stored(known, now) or _at_stripe(known, fetched, now)
    if verdict:
        return verdict
    match effect:
        case Mailing():
            return _mailing(known, fetched, effect, now)
        case Charging():
            return _charging(known, fetched, effect, now)
        case _:
            assert_never(effect)


def stored(known: Known, now: datetime) -> Stop | None:
    """By what stands in the table alone: then Stripe is not even asked."""
    attempt, settings = known.attempt, known.workspace.settings
    if not attempt.pending:
        return Stop(reason=f"attempt_{attempt.status}")
    if attempt.held_at is not None:
        return Stop(reason="attempt_held")
    if known.standing not in WRITING:
        reason = f"tenant_{known.standing}"
        ends = AbandonRecoveryAttempt(reason=reason)
        held = HoldRecoveryAttempt(reason=reason, held_at=now)
        return Stop(reason=reason, commands=(ends if known.standing == "cancelled" else held,))
    if not known.workspace.is_active:
        reason = "workspace_inactive"
        return Stop(reason=reason, commands=(HoldRecoveryAttempt(reason=reason, held_at=now),))
    if not known.account_connected:
        until = now + timedelta(days=settings.disconnect_grace_days)
        held = HoldRecoveryAttempt(reason="account_disconnected", held_at=now, until=until)
        return Stop(reason="account_disconnected", commands=(held,))
    return None


def _at_stripe(known: Known, fetched: InvoiceState, now: datetime) -> Verdict | None:
    """What `reconcile` ends or holds an attempt for; were it forgotten there, it would stop here."""
    if over := _over(known, fetched):
        return Stop(reason=over)
    if fetched.open_dispute:
        held = HoldRecoveryAttempt(reason="disputed", held_at=now)
        return Stop(reason="disputed", commands=(held,))
    if any(each.charge.status == "pending" for each in fetched.charges):
        return Postpone(until=now + UNDER_WAY, reason="payment_under_way")
    if fetched.subscription and fetched.subscription.collection_paused:
        return Postpone(until=now + PAUSED, reason="collection_paused")
    return None


def _over(known: Known, fetched: InvoiceState) -> str | None:
    invoice, stops = fetched.invoice, known.workspace.settings.cancellation_policy == "stop"
    reasons = {
        f"invoice_{invoice.status}": invoice.status != "open",
        "nothing_owed": invoice.amount_remaining_cents <= 0,
        "other_currency": invoice.currency != known.attempt.currency,
        "customer_deleted": fetched.customer.deleted,
        "cancelled": stops and renewal.cancelled_at(fetched) is not None,
        "subscription_ended": stops and renewal.ended_at(fetched) is not None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _mailing(known: Known, fetched: InvoiceState, effect: Mailing, now: datetime) -> Verdict:
    step = next_step(known.attempt)
    if step is None or step.id != effect.step_id:
        return Stop(reason="step_not_next")
    if known.opted_out:
        return Skip(reason="opted_out")
    if not fetched.customer.email:
        return Skip(reason="no_address")
    if effect.address and effect.address == known.suppressed_address:
        return Skip(reason="suppressed")
    wait = sending_rules.wait(now, known.attempt.terms.zone, known.sends, known.workspace.settings)
    return Postpone(until=wait.until, reason=wait.reason) if wait else Proceed()


def _charging(known: Known, fetched: InvoiceState, effect: Charging, now: datetime) -> Verdict:
    attempt = known.attempt
    if attempt.retry is None or attempt.retry.number != effect.number:
        return Stop(reason="no_such_retry")
    if now > attempt.terms.window_ends_at:
        return Stop(reason="window_ended")
    if obstacle := _obstacle(attempt, fetched) or _never(known):
        return Skip(reason=obstacle)
    denied = next_allowed(known.ledger, _intended(known, fetched), now)
    if isinstance(denied, Denied):
        return Postpone(until=denied.not_before, reason=denied.rule)
    return Proceed()


def _obstacle(attempt: Attempt, fetched: InvoiceState) -> str | None:
    """Why the invoice must not be charged unattended, now or later."""
    classified = _classified(attempt, fetched)
    obstacles = in_the_way(fetched.circumstances, classified, attempt.retries_executed)
    if not obstacles and fetched.charges and fetched.charges[-1].requires_action and not _is_new(fetched):
        return "authenticate"  # the last charge of this card waits for its owner (S-40)
    return obstacles[0] if obstacles else None


def _never(known: Known) -> str | None:
    """What the card answered to whichever invoice, after which it is not charged for any (S-06)."""
    return next((each.never_rule for each in known.ledger if each.never_rule), None)


def _classified(attempt: Attempt, fetched: InvoiceState) -> Classification:
    """Of the card that would be charged: nothing is known yet of one that is new."""
    if attempt.classification is None or _is_new(fetched):
        return ANOTHER_CARD
    return attempt.classification


def _is_new(fetched: InvoiceState) -> bool:
    """Whether the card that would be charged is another than the one that was declined last."""
    failed = [each.charge for each in fetched.charges if each.charge.status == "failed"]
    method = fetched.payment_method
    return method is not None and bool(failed) and failed[-1].payment_method_id != method.id


def _intended(known: Known, fetched: InvoiceState) -> Intended:
    return Intended(
        account=fetched.account_id,
        amount_cents=fetched.invoice.amount_remaining_cents,
        currency=known.attempt.currency,
        brand=fetched.payment_method.brand if fetched.payment_method else None,
    )
