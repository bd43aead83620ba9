"""What happens to a promotion, and the values that its events carry. Events are stored for ever."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from troupe.domain.lifecycle import Transitions

type Kind = Literal["campaign", "single", "default"]
type Visibility = Literal["global", "communities", "both"]
type Choice = Literal["pending", "approved", "rejected"]
type Status = Literal[
    "draft", "pending_approval", "scheduled", "active", "paused", "rejected", "ended", "cancelled"
]

GLOBAL = "global"  # the target for the whole tenant; every other target is a community's id

LIFECYCLE = Transitions[Status](
    {
        "draft": frozenset({"pending_approval", "cancelled"}),
        "pending_approval": frozenset({"scheduled", "active", "rejected", "cancelled"}),
        "rejected": frozenset({"pending_approval", "cancelled"}),
        "scheduled": frozenset({"active", "cancelled"}),
        "active": frozenset({"paused", "ended", "cancelled"}),
        "paused": frozenset({"active", "ended", "cancelled"}),
        "ended": frozenset(),
        "cancelled": frozenset(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What is taken off each unit: a percentage of its price, or an amount of the product's currency."""

    percent: int | None = None
    amount_cents: int | None = None

    def off(self, price_cents: int) -> int:
        """Cents off a price, never more than it; half a cent of a percentage is rounded up."""
        if self.percent is not None:
            return (price_cents * self.percent + 50) // 100
        return min(self.amount_cents or 0, price_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Featured:
    """A product in a promotion. Without a reduction it is shown at its price."""

    product_id: str
    reduction: Reduction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many orders may have the offer, in all and of each customer."""

    uses: int | None = None
    per_customer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All that a supplier says of a promotion. What is always on has no end."""

    title: str
    kind: Kind
    products: tuple[Featured, ...]
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime | None = None
    communities: tuple[str, ...] = ()
    description: str | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it is to be shown, each of which is decided on apart."""
        return (*((GLOBAL,) if self.visibility != "communities" else ()), *self.communities)

    def over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    id: str
    choice: Choice = "pending"
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WareVariant:
    """What one could buy, its price on the day of submission, and what the offer takes off a unit of it."""

    id: str
    sku: str
    price_cents: int
    discount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """A product as it was submitted: what is approved is what is shown."""

    product_id: str
    name: str
    currency: str
    variants: tuple[WareVariant, ...]
    image_url: str | None = None


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionCreated:
    supplier_id: str
    details: Details
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionUpdated:
    """The details as they are now, so that a reader needs no former ones."""

    details: Details
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionSubmitted:
    """Every target is open again. `decide_by`: when it goes where it is approved by then, or nowhere."""

    supplier_id: str
    details: Details
    products: tuple[Ware, ...]
    targets: tuple[str, ...]
    decide_by: datetime
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionTargetApproved:
    target: str
    approved_by: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionTargetRejected:
    target: str
    rejected_by: str
    reason: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionApproversReminded:
    """Of the targets that are still open; `number` counts from the submission on."""

    targets: tuple[str, ...]
    number: int
    decide_by: datetime
    reminded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionScheduled:
    targets: tuple[str, ...]  # those that have approved it
    starts_at: datetime
    scheduled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionActivated:
    """With all that a card shows, so that a reader needs nothing of before. It happens once."""

    supplier_id: str
    details: Details
    products: tuple[Ware, ...]
    targets: tuple[str, ...]  # those that have approved it
    activated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionPaused:
    paused_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionResumed:
    resumed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionRejected:
    """No target approved it, and none can approve it any more."""

    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionEnded:
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionCancelled:
    reason: str
    cancelled_at: datetime


type Moved = (  # where it stands after, and nothing else
    PromotionScheduled
    | PromotionActivated
    | PromotionPaused
    | PromotionResumed
    | PromotionRejected
    | PromotionEnded
    | PromotionCancelled
)
type Later = (
    PromotionUpdated
    | PromotionSubmitted
    | PromotionTargetApproved
    | PromotionTargetRejected
    | PromotionApproversReminded
    | Moved
)
type Event = PromotionCreated | Later
