"""What is answered about recovery attempts, their outcomes, and subscriptions at risk."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from recovery.attempt.state import RecoveryStatus
from recovery.attempt.step_events import StepStatus
from recovery.policy.network_rules import DeclineType


class AttemptRow(BaseModel, frozen=True):
    """`amount_due_cents` is what remained when it began. Status, type and amounts as the list shows them."""

    id: str
    workspace_id: str
    stripe_account_id: str
    stripe_invoice_id: str
    stripe_customer_id: str
    decline_type: DeclineType
    status: RecoveryStatus
    amount_due_cents: int
    amount_remaining_cents: int
    recovered_amount_cents: int | None = None
    currency: str
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str | None = None
    held_at: datetime | None = None


class StepView(BaseModel, frozen=True):
    """A step of the edition that the attempt goes by. One that is skipped stays `scheduled`."""

    id: str
    delay_hours: int
    due_at: datetime
    status: StepStatus
    skipped_reason: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    clicked_at: datetime | None
    converted_at: datetime | None


class NextUp(BaseModel, frozen=True):
    action: Literal["send_step", "retry", "fail", "abandon"]
    due_at: datetime
    step_id: str | None = None
    number: int | None = None
    reason: str | None = None


class SequenceView(BaseModel, frozen=True):
    id: str
    edition: int


class ChargeView(BaseModel, frozen=True):
    """`executed`: it reached the card's network."""

    id: str
    at: datetime
    status: Literal["succeeded", "failed", "pending"]
    amount_cents: int
    currency: str
    initiator: Literal["stripe", "troupe", "customer"]
    executed: bool


class ClassificationView(BaseModel, frozen=True):
    """Why the latest charge was declined, by which rule of which edition."""

    decline_type: DeclineType
    action: str
    rule: str
    edition: str
    disclose: bool
    never: bool
    unmapped: bool


class AttemptView(AttemptRow, frozen=True):
    stripe_subscription_id: str | None
    invoice_number: str | None
    reversed_amount_cents: int
    attribution: str | None
    classification: ClassificationView | None
    retries_executed: int
    retries_stopped: str | None
    sequence: SequenceView | None
    steps: tuple[StepView, ...]
    charges: tuple[ChargeView, ...]
    held_reason: str | None
    next_action: NextUp | None
    window_ends_at: datetime
    timezone: str


class TimelineEntry(BaseModel, frozen=True):
    """What happened, when and by whom, and why: a rule, a reason, or what was considered."""

    version: int
    type: str
    occurred_at: datetime
    actor: str
    reason: str | None
    considered: tuple[str, ...] = ()
    data: dict[str, Any]


class DueRow(NextUp, frozen=True):
    """The soonest action of a pending attempt."""

    recovery_attempt_id: str
    stripe_invoice_id: str
    stripe_customer_id: str
    amount_remaining_cents: int
    currency: str


class OutcomeView(BaseModel, frozen=True):
    id: str
    workspace_id: str
    recovery_attempt_id: str
    outcome: Literal["recovered", "failed", "abandoned"]
    reason_code: str | None = None
    occurred_at: datetime
    amount_due_cents: int
    recovered_amount_cents: int | None = None
    currency: str
    attribution: str | None = None


class AtRiskView(BaseModel, frozen=True):
    id: str
    workspace_id: str
    stripe_customer_id: str
    stripe_subscription_id: str
    reason: Literal["card_expiring", "payment_failed"]
    risk_detected_at: datetime
    expiration_date: date | None = None
    active_recovery_attempt_id: str | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
