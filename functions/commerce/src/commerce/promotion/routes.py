"""The plain commands of a promotion, by those who act for its supplier, who decide on it, and of time."""

from typing import Any

from commerce.promotion import approval, transactions
from commerce.promotion import requests as bodies
from commerce.promotion.commands import (
    ApprovePromotion,
    CancelPromotion,
    DecidePromotion,
    EndPromotion,
    PausePromotion,
    RejectPromotion,
    RemindApprovers,
    ResumePromotion,
    StartPromotion,
    UpdatePromotion,
)
from commerce.promotion.decider import PROMOTION
from troupe.edge.request import Request
from troupe.edge.routes import Routes
from troupe.store.scope import Answer

UNDECIDED = (
    *("permission_required", "leader_required", "no_community", "no_target", "not_open"),
    "target_decided",
)


def _changed(request: Request[bodies.PromotionChangesForm]) -> UpdatePromotion:
    return UpdatePromotion(changes=request.body.changes())


def _selling(request: Request[Any], command: ResumePromotion) -> Answer:
    return transactions.change(
        request, command, lambda at, promotion: transactions.selling(at, promotion.supplier_id)
    )


routes = Routes(PROMOTION, run=transactions.change, refusals=("invalid_transition",))

pause_promotion = routes.post(
    "/promotions/{promotion_id}/pause", PausePromotion, permission="promotion:pause"
)
cancel_promotion = routes.post(
    "/promotions/{promotion_id}/cancel",
    CancelPromotion,
    permission="promotion:cancel",
    example={"reason": "Sold out."},
)
update_promotion = routes.patch(
    "/promotions/{promotion_id}",
    UpdatePromotion,
    permission="promotion:update",
    body=bodies.PromotionChangesForm,
    make=_changed,
    refusals=(
        *("promotion_submitted", "wrong_products", "one_reduction", "no_reduction", "reduction_required"),
        *("wrong_communities", "end_required", "end_before_start"),
    ),
    example={"title": "Flash sale: 30 % off running shoes", "description": "This week alone."},
)
resume_promotion = routes.post(
    "/promotions/{promotion_id}/resume",
    ResumePromotion,
    permission="promotion:resume",
    run=_selling,
    refusals=("invalid_transition", "window_over", "supplier_not_verified"),
)
approve_promotion = routes.post(
    "/promotions/{promotion_id}/approve",
    ApprovePromotion,
    permission="promotion:approve",
    run=approval.decide,
    body=bodies.Decision,
    refusals=(*UNDECIDED, "window_over"),
    example={"target": "0192f0c1-7a00-7000-8000-0000000000c1"},
)
reject_promotion = routes.post(
    "/promotions/{promotion_id}/reject",
    RejectPromotion,
    permission="promotion:reject",
    run=approval.decide,
    body=bodies.Refusal,
    refusals=UNDECIDED,
    example={"target": "0192f0c1-7a00-7000-8000-0000000000c2", "reason": "We are about cooking."},
)
remind_approvers = routes.started(
    "a promotion's flow, or the sweeper, when a day has passed and some have not decided",
    RemindApprovers,
    refusals=("not_open",),
)
decide_promotion = routes.started(
    "a promotion's flow or schedule, or the sweeper, when the time to decide on it has passed",
    DecidePromotion,
    refusals=("not_open", "not_due"),
)
start_promotion = routes.started(
    "a promotion's flow or schedule, or the sweeper, when its window begins",
    StartPromotion,
    refusals=("not_open", "not_due", "invalid_transition"),
)
end_promotion = routes.started(
    "a promotion's flow or schedule, or the sweeper, when its window is over",
    EndPromotion,
    refusals=("not_due", "invalid_transition"),
)
