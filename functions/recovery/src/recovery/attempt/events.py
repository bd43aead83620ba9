"""What happens to a recovery attempt: one unpaid invoice, from its first failure to how it ended.

Instants of what happened at Stripe are Stripe's, so that events taken in any order tell the same story.
Amounts are in minor units of `currency`, which the attempt has one of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recovery.attempt.step_events import StepEvent, StepPlan
from recovery.policy.decision import RetryDecision
from recovery.policy.decline import Classification, Decline

type Initiator = Literal["stripe", "troupe", "customer"]  # who had the card charged
type ChargeStatus = Literal["succeeded", "failed", "pending"]
type Attribution = Literal[
    "auto_retry",
    "our_retry",
    "card_update_after_touch",
    "authentication_after_touch",
    "account_updater",
    "manual",
    "organic",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceEdition:
    """The edition of a dunning sequence that an attempt goes by, until it is migrated."""

    id: str
    edition: int
    delays_from: Literal["started_at", "previous_sent"] = "started_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What of the workspace's settings an attempt goes by, as they were when it started."""

    retry_limit: int = 8  # executed retries
    window_ends_at: datetime  # no retry after it
    final_grace_hours: int = 72  # from the last step or retry to giving up
    zone: str = "UTC"  # of retries and mails
    zone_reason: str = "workspace"  # or "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """An attempt to charge the invoice, by whichever engine. `executed`: it reached the card's network."""

    id: str
    payment_intent_id: str | None = None
    at: datetime
    status: ChargeStatus
    amount_cents: int
    initiator: Initiator
    executed: bool = True
    fingerprint: str | None = None
    brand: str | None = None
    payment_method_id: str | None = None
    by_person: bool = False  # of ours, who wanted it at once: it counts for no budget (S-14)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardData:
    """A payment method as it would be charged; two that are equal are the same card with the same data."""

    payment_method_id: str
    fingerprint: str | None = None
    brand: str | None = None
    last4: str | None = None
    expires: str | None = None  # year and month: 2030-08


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted:
    workspace_id: str
    stripe_account_id: str  # Stripe's, as in acct_...
    stripe_invoice_id: str
    stripe_customer_id: str
    stripe_subscription_id: str | None = None
    invoice_number: str | None = None
    currency: str
    amount_due_cents: int  # that remained at the first failure; the denominator of every rate
    started_at: datetime  # of the first failed charge
    sequence: SequenceEdition | None = None  # None: no mails
    steps: tuple[StepPlan, ...] = ()
    terms: Terms
    card: CardData | None = None  # that would be charged; None: there was no payment method


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAttempted:
    """A charge that is new to the attempt, and what became of it."""

    charge: Charge
    decline: Decline | None = None
    classification: Classification | None = None
    retry_number: int | None = None  # of our retry that made it


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryScheduled:
    number: int  # of the retry that comes, from 1
    retry_at: datetime
    decision: RetryDecision
    at_once: bool = False  # since the card was changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriesStopped:
    """No retry of this card will be made; a changed card begins anew."""

    reason: str
    decision: RetryDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryClaimed:
    number: int
    idempotency_key: str
    claimed_at: datetime
    claimed_until: datetime
    fetched_at: datetime  # when Stripe was asked how things stand: at most a minute before
    fingerprint: str | None = None  # of the card that is about to be charged
    by_person: bool = False  # who wanted it before its time


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryReleased:
    """The claim is given back: nothing was charged, which was found out where it was unknown at first."""

    number: int
    reason: str
    retry_at: datetime | None = None  # the same retry, later; None: it is dropped
    spent: bool = False  # what is made later has the next number, and another key


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPostponed:
    """The retry was due and unclaimed, and is made later: nothing was tried, and nothing counts."""

    number: int
    retry_at: datetime
    reason: str  # no_slot, ceiling, slow_down, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptHeld:
    reason: str  # requested, account_disconnected, workspace_inactive, disputed, amount_mismatch, ...
    held_at: datetime
    until: datetime | None = None  # when it is abandoned, if it is not resumed
    instead_of: tuple[str, ...] = ()  # holds that were lifted, while this one stays


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptResumed:
    resumed_at: datetime
    steps: tuple[StepPlan, ...] = ()  # those still to be sent, moved so that no two fall on one day
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethodChanged:
    """Another card would be charged now, or the same one with new data."""

    payment_method_id: str
    fingerprint: str | None
    brand: str | None = None
    last4: str | None = None
    changed_at: datetime
    automatically: bool = False  # by the network's account updater
    expires: str | None = None  # year and month
    same_card: bool = False  # the card that was there, with new data: what was never to be tried stays so


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountChanged:
    """What remains to be paid changed by a credit note or a part payment."""

    amount_remaining_cents: int
    credited_cents: int  # so far
    paid_cents: int  # so far, since the attempt started
    reason: str  # credited, partly_paid


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecovered:
    recovered_amount_cents: int
    recovered_at: datetime
    reason: str  # paid, paid_out_of_band
    attribution: Attribution
    evidence: Mapping[str, str]  # ids of what the attribution rests on: charge_id, step_id, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFailed:
    reason: str  # retries_exhausted, window_ended, never_retryable, steps_exhausted, requested
    failed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptAbandoned:
    reason: str  # cancelled, voided, credited, uncollectible, account_disconnected, requested, ...
    abandoned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded:
    """Money that came after the attempt had ended: recorded, and no transition."""

    amount_cents: int  # so far, since the attempt started
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryReversed:
    """Money went back, by refund or dispute. The amount is the total so far, as Stripe reports it."""

    reversed_amount_cents: int
    reason: Literal["refund", "dispute"]
    reversed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptMigrated:
    """Moved to another edition of its sequence: what was sent stays sent, and nothing is sent twice."""

    sequence: SequenceEdition
    steps: tuple[StepPlan, ...]  # those still to be sent
    reason: str


type Later = (  # all that can happen to an attempt that was started
    PaymentAttempted
    | RetryScheduled
    | RetriesStopped
    | RetryClaimed
    | RetryReleased
    | RetryPostponed
    | StepEvent
    | AttemptHeld
    | AttemptResumed
    | PaymentMethodChanged
    | AmountChanged
    | AttemptRecovered
    | AttemptFailed
    | AttemptAbandoned
    | PaymentRecorded
    | RecoveryReversed
    | AttemptMigrated
)
type AttemptEvent = AttemptStarted | Later

# After these the next action may come sooner than the flow waits for: a new execution takes over.
REPLANS = frozenset(
    {
        "recovery_attempt.started",
        "recovery_attempt.retry_scheduled",
        "recovery_attempt.retry_released",
        "recovery_attempt.resumed",
        "recovery_attempt.migrated",
    }
)
