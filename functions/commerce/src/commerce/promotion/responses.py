"""What is answered about promotions."""

from datetime import datetime

from pydantic import BaseModel

from commerce.promotion.events import Featured, Kind, Limits, Status, Target, Visibility, Ware


class Recorded(BaseModel, frozen=True):
    """How many entries of the batch are counted, and how many were left out."""

    id: str
    version: int
    recorded: int
    left_out: int


class PromotionLine(BaseModel, frozen=True):
    id: str
    supplier_id: str
    title: str
    kind: Kind
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime | None


class PromotionRow(PromotionLine, frozen=True):
    status: Status


class ApprovalRow(PromotionLine, frozen=True):
    """A promotion that waits for a decision; after `decide_by` it goes where it was approved."""

    submitted_at: datetime
    decide_by: datetime


class Approval(BaseModel, frozen=True):
    """Where it stands with those who decide on it, for its supplier and themselves."""

    targets: tuple[Target, ...]
    submitted_at: datetime | None
    decide_by: datetime | None


class BudgetView(BaseModel, frozen=True):
    """How many orders may have the offer, and how many more; null is as many as there are."""

    limit: int | None
    remaining: int | None
    per_customer: int | None


class Performance(BaseModel, frozen=True):
    """In one community; without one, tenant-wide."""

    community_id: str | None
    impressions: int
    clicks: int
    conversions: int
    revenue_cents: int


class PromotionView(BaseModel, frozen=True):
    """What its supplier and those who decide on it alone see is null for others."""

    id: str
    supplier_id: str
    status: Status
    title: str
    description: str | None
    kind: Kind
    featured: tuple[Featured, ...]
    products: tuple[Ware, ...]  # as they were submitted
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime | None
    limits: Limits
    created_at: datetime
    updated_at: datetime
    first_activated_at: datetime | None
    cancelled_because: str | None
    approval: Approval | None
    budget: BudgetView | None
    performance: tuple[Performance, ...] | None


class PerformanceView(BaseModel, frozen=True):
    promotion_id: str
    first_activated_at: datetime | None
    performance: tuple[Performance, ...]
