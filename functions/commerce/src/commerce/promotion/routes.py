"""The plain commands of a promotion, by those who act for its supplier."""

from commerce import promotions
from commerce.promotion import PROMOTION
from commerce.promotion_commands import CancelPromotion, PausePromotion
from troupe.routes import Routes

routes = Routes(PROMOTION, run=promotions.change, refusals=("invalid_transition",))

pause_promotion = routes.post(
    "/promotions/{promotion_id}/pause", PausePromotion, permission="promotion:pause"
)
cancel_promotion = routes.post(
    "/promotions/{promotion_id}/cancel",
    CancelPromotion,
    permission="promotion:cancel",
    example={"reason": "Sold out."},
)
