"""A recovery attempt as it stands: what was tried, what is planned, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from recovery.attempt.events import Attribution, Charge, SequenceEdition, Terms
from recovery.attempt.step_events import StepStatus
from recovery.policy.decline import Classification, Decline
from recovery.policy.network_rules import DeclineType

type RecoveryStatus = Literal["pending", "recovered", "failed", "abandoned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the sequence's edition that the attempt goes by, and how far it came.

    Its status only moves forward and may jump; a skipped step stays `scheduled`.
    """

    id: str
    delay_hours: int
    due_at: datetime
    status: StepStatus = "scheduled"
    skipped_reason: str | None = None
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    clicked_at: datetime | None = None
    converted_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.status == "scheduled" and self.skipped_reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The retry that is planned, or claimed by a worker that may be making it."""

    number: int
    at: datetime
    idempotency_key: str | None = None  # of the claim
    claimed_at: datetime | None = None
    claimed_until: datetime | None = None
    fingerprint: str | None = None  # of the card that the claim is for
    by_person: bool = False  # the claim was made by a person, before the retry was due


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why the attempt waits, and until when: it may be for several reasons at once."""

    reason: str
    held_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The payment method that would be charged."""

    payment_method_id: str
    fingerprint: str | None = None
    brand: str | None = None
    last4: str | None = None
    expires: str | None = None  # year and month
    changed_at: datetime | None = None  # since the attempt started


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One unpaid invoice being won back. `plan_number` counts the plans; a flow goes by the one it knows."""

    workspace_id: str
    stripe_account_id: str
    stripe_invoice_id: str
    stripe_customer_id: str
    stripe_subscription_id: str | None
    invoice_number: str | None
    currency: str
    amount_due_cents: int
    amount_remaining_cents: int
    started_at: datetime
    terms: Terms
    status: RecoveryStatus = "pending"
    sequence: SequenceEdition | None = None
    steps: tuple[Step, ...] = ()
    retry: Retry | None = None
    retries_stopped: str | None = None  # why
    charges: tuple[Charge, ...] = ()
    decline: Decline | None = None  # the latest
    classification: Classification | None = None  # the latest; "never" once is never
    card: Card | None = None
    credited_cents: int = 0
    paid_cents: int = 0
    recovered_amount_cents: int | None = None
    reversed_amount_cents: int = 0
    attribution: Attribution | None = None
    held_at: datetime | None = None
    held_reason: str | None = None
    held_until: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None
    plan_number: int = 0
    sent_step_ids: tuple[str, ...] = field(default=())  # of every edition: none is sent twice
    retries_numbered: int = 0  # the last number of a retry that was made or spent: the next is one more
    never_rule: str | None = None  # forbids retries of this card for good (S-06)
    retried_at_once_at: datetime | None = None  # when a card was changed for which that was planned (S-22)
    holds: tuple[Hold, ...] = ()  # the last of them is what `held_...` tells
    state: Literal["attempt"] = "attempt"

    @property
    def pending(self) -> bool:
        return self.status == "pending"

    @property
    def retries_executed(self) -> int:
        """Charges after the first that reached the network and that no person had made (S-13, S-14)."""
        automatic = [each for each in self.charges if each.initiator != "customer" and not each.by_person]
        counted = [each for each in automatic if each.executed]
        return max(0, len(counted) - 1)

    @property
    def decline_type(self) -> DeclineType:
        """Soft until something is known of why: what is not known is."""
        return self.classification.decline_type if self.classification else "soft"
