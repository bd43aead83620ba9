"""Promotions at every stage of their lives, as events, for the unit tests."""

from dataclasses import replace
from datetime import timedelta

from commerce.promotion.commands import SubmitPromotion
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import (
    GLOBAL,
    Details,
    Featured,
    Limits,
    PromotionActivated,
    PromotionCancelled,
    PromotionCreated,
    PromotionEnded,
    PromotionPaused,
    PromotionRejected,
    PromotionScheduled,
    PromotionSubmitted,
    PromotionTargetApproved,
    PromotionTargetRejected,
    Reduction,
    Ware,
    WareVariant,
)
from support.spec import ANN, NOON, Given

given = Given(PROMOTION)
NOW = NOON.now
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START, END = NOW + 10 * DAY, NOW + 20 * DAY
WITHIN = 7 * DAY
DETAILS = Details(
    title="Flash sale",
    kind="single",
    products=(Featured(product_id="p1", reduction=Reduction(percent=30)),),
    visibility="both",
    communities=("a", "b"),
    starts_at=START,
    ends_at=END,
    limits=Limits(uses=10, per_customer=1),
)
LIVE = replace(DETAILS, starts_at=NOW - DAY)
WARES = (
    Ware(
        product_id="p1",
        name="Shoes",
        currency="EUR",
        variants=(WareVariant(id="v1", sku="S", price_cents=1000, discount_cents=300),),
    ),
)
SUBMIT = SubmitPromotion(products=WARES, decide_within=WITHIN)
CREATED = PromotionCreated(supplier_id="s", details=DETAILS, created_at=NOW)
TARGETS = (GLOBAL, "a", "b")
SUBMITTED = PromotionSubmitted(
    supplier_id="s",
    details=DETAILS,
    products=WARES,
    targets=TARGETS,
    decide_by=NOW + WITHIN,
    submitted_at=NOW,
)
SUBMITTED_LIVE = replace(SUBMITTED, details=LIVE)


def approved(target, at=NOW):
    return PromotionTargetApproved(target=target, approved_by=ANN, approved_at=at)


def rejected(target, at=NOW):
    return PromotionTargetRejected(target=target, rejected_by=ANN, reason="No.", rejected_at=at)


def activated(*targets, at=NOW, details=LIVE):
    return PromotionActivated(
        supplier_id="s", details=details, products=WARES, targets=targets, activated_at=at
    )


PENDING = (replace(CREATED, details=LIVE), SUBMITTED_LIVE)
SCHEDULED = (
    CREATED,
    SUBMITTED,
    *(approved(each) for each in TARGETS),
    PromotionScheduled(targets=TARGETS, starts_at=START, scheduled_at=NOW),
)
ACTIVE = (*PENDING, *(approved(each) for each in TARGETS), activated(*TARGETS))
PAUSED = (*ACTIVE, PromotionPaused(paused_at=NOW))
REFUSED = (*PENDING, *(rejected(each) for each in TARGETS), PromotionRejected(rejected_at=NOW))
HISTORIES = {
    "draft": (CREATED,),
    "pending_approval": (CREATED, SUBMITTED, approved("a"), rejected("b")),
    "scheduled": SCHEDULED,
    "active": ACTIVE,
    "paused": PAUSED,
    "rejected": REFUSED,
    "ended": (*ACTIVE, PromotionEnded(ended_at=END)),
    "cancelled": (*ACTIVE, PromotionCancelled(reason="x", cancelled_at=NOW)),
}
