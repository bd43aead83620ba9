"""What may be asked of a recovery attempt.

An instant that is not given is the moment of the decision; what happened at Stripe is told with Stripe's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from recovery.attempt.events import Attribution, CardData, Charge, SequenceEdition, Terms
from recovery.policy.ceilings import CardCharge
from recovery.policy.circumstances import Circumstances
from recovery.policy.decline import Decline
from recovery.policy.schedule import RetryPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceStep:
    """A step of a sequence's edition, in its place among the others."""

    id: str
    delay_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """What the next retry is planned by, beside the attempt itself; `planning.planning_of` makes it.

    `ledger`: the charges of the card that would be charged, of all invoices (`card_ledger.read`).
    """

    attempt_id: str
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    decline_overrides: tuple[str, ...] = ()
    ledger: tuple[CardCharge, ...] = ()
    circumstances: Circumstances = field(default_factory=Circumstances)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecoveryAttempt:
    """Followed, in the same transaction, by `RecordPaymentAttempt` for each charge that is known."""

    workspace_id: str
    stripe_account_id: str
    stripe_invoice_id: str
    stripe_customer_id: str
    stripe_subscription_id: str | None = None
    invoice_number: str | None = None
    currency: str
    amount_due_cents: int
    started_at: datetime
    terms: Terms
    sequence: SequenceEdition | None = None
    steps: tuple[SequenceStep, ...] = ()
    card: CardData | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaymentAttempt:
    """A charge by whichever engine; nothing if it is known already. A failed one plans the next retry.

    `retry_number`: of our retry that made it, where that is known.
    """

    charge: Charge
    decline: Decline | None = None
    planning: Planning | None = None  # None: recorded only; a later charge of the same invoice is planned by
    retry_number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePaymentMethod:
    """The card that would be charged now. One that is new is retried at once, and only once."""

    card: CardData
    changed_at: datetime
    automatically: bool = False
    planning: Planning


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAmount:
    """Totals so far, as Stripe has them; `paid_cents` since the attempt started."""

    amount_remaining_cents: int
    credited_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRetry:
    """Take the planned retry, to make it. `early`: a person wants it before its time.

    `fingerprint`: of the card that will be charged, in whose ledger it is reserved.
    """

    number: int
    idempotency_key: str
    fetched_at: datetime
    fingerprint: str | None = None
    lease_seconds: int = 120
    early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRetry:
    """Nothing was charged. `retry_at`: it is made later; without one it is dropped.

    `spent`: Stripe has answered under its key, and would answer the same again: it takes the next number.
    """

    number: int
    reason: str
    retry_at: datetime | None = None
    spent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeRetry:
    """Postpone a retry that is due and not claimed: it does not count as an attempt."""

    number: int
    retry_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStep:
    """Take the next step, to send it. `early`: a person wants it before its time."""

    step_id: str
    fetched_at: datetime
    lease_seconds: int = 120
    early: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStep:
    """Nothing was sent; the step is due as before."""

    step_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeStep:
    step_id: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipStep:
    """It will not be sent, and the attempt goes on without it. What was claimed is released by it."""

    step_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStepSent:
    """It left under its claim; that is recorded even when the attempt has ended meanwhile."""

    step_id: str
    sent_at: datetime
    message_id: str | None = None
    will_retry: bool = False
    retry_at: datetime | None = None
    is_final: bool = False
    with_invoices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStepOpened:
    step_id: str
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStepClicked:
    step_id: str
    clicked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRecoveryAttempt:
    """A held attempt neither mails nor charges until it is resumed; `until`: it is abandoned then."""

    reason: str = "requested"
    held_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRecoveryAttempt:
    """What was due meanwhile is made up for, one mail a day."""

    # Lifts the hold of that reason, or every one that a person may; what else it is held for stays.
    reason: str | None = None
    resumed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRecovered:
    """The invoice is paid; by a person, for money that Stripe knows nothing of.

    The amount is what was paid since the attempt started, and counts up to what was due.
    """

    recovered_amount_cents: int
    recovered_at: datetime
    reason: str = "paid"
    attribution: Attribution = "manual"
    evidence: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkFailed:
    """`requested`, or what the plan says: then it has to be so."""

    reason: str = "requested"
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonRecoveryAttempt:
    """By a person at any time; by the flow when a hold has ended by time."""

    reason: str = "requested"
    planned: bool = False  # only if the plan still says so; a hold may have been lifted meanwhile
    abandoned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLatePayment:
    """Money for an attempt that has ended. The amount is the total so far, since the attempt started."""

    amount_cents: int
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseRecovery:
    """The attempt stays recovered: what went back is counted apart, up to what came.

    The amount is the total so far that went back, as Stripe reports it.
    """

    reversed_amount_cents: int
    reason: Literal["refund", "dispute"]
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateAttempt:
    """Go by another edition from now on. `step_schedule.carried` tells which of its steps are sent yet."""

    sequence: SequenceEdition
    steps: tuple[SequenceStep, ...]
    reason: str = "requested"


type Starting = StartRecoveryAttempt
type Paying = RecordPaymentAttempt | ChangePaymentMethod | ChangeAmount | RecordLatePayment | ReverseRecovery
type Retrying = ClaimRetry | ReleaseRetry | PostponeRetry
type Stepping = (
    ClaimStep | ReleaseStep | PostponeStep | SkipStep | RecordStepSent | RecordStepOpened | RecordStepClicked
)
type Holding = HoldRecoveryAttempt | ResumeRecoveryAttempt | MigrateAttempt
type Ending = MarkRecovered | MarkFailed | AbandonRecoveryAttempt
type AttemptCommand = Paying | Retrying | Stepping | Holding | Ending
