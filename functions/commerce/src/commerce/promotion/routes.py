"""The plain commands of a promotion, by those who act for its supplier."""

from commerce.promotion import transactions
from commerce.promotion.commands import CancelPromotion, PausePromotion
from commerce.promotion.decider import PROMOTION
from troupe.edge.routes import Routes

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
