"""POST /v1/commerce/promotions/{promotion_id}/submit"""

from datetime import timedelta

from commerce import promotion_rules, promotions, terms
from commerce.promotion_commands import SubmitPromotion
from commerce.promotion_state import EDITABLE, Promotion
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Snapshot
from troupe.writes import Action

REFUSALS = (
    *("invalid_transition", "window_over", "no_product", "product_not_published", "mixed_currencies"),
    *("reduction_too_high", "supplier_not_verified", "promotion_limit_reached", "no_community"),
)


@endpoint(Operation(permission="promotion:submit", refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """Its products are frozen as they are, and everybody whom it is for is asked."""
    return promotions.changed_by(request, _submission, _held)


def _submission(at: Snapshot, promotion: Promotion) -> tuple[Snapshot, SubmitPromotion]:
    if promotion.status not in EDITABLE:  # nothing comes of it, so that nothing is asked
        return at, SubmitPromotion(products=(), decide_within=timedelta())
    at = promotions.completed(at, promotion)
    found = promotions.featured(at, promotion.details)
    promotion_rules.owned(promotion.details, promotion.supplier_id, found)
    wares, within = promotion_rules.frozen(promotion.details, found), terms.find(at).promotion_decision
    return at, SubmitPromotion(products=wares, decide_within=within)


def _held(at: Snapshot, promotion: Promotion) -> tuple[Action, ...]:
    return (
        *promotions.selling(at, promotion.supplier_id),
        *promotions.open_communities(at, promotion.details),
        *promotions.as_read(at, promotion.details),
        promotions.counted(at, promotion.supplier_id),
    )
