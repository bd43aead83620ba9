"""POST /v1/commerce/promotions/{promotion_id}/submit"""

from datetime import timedelta

from commerce import settings
from commerce.promotion import rules, transactions
from commerce.promotion.commands import SubmitPromotion
from commerce.promotion.state import EDITABLE, Promotion
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

REFUSALS = (
    *("invalid_transition", "window_over", "no_product", "product_not_published", "mixed_currencies"),
    *("reduction_too_high", "supplier_not_verified", "promotion_limit_reached", "no_community"),
)


@endpoint(Operation(permission="promotion:submit", refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """Submit a promotion: its products are frozen as they are, and all its targets are asked."""
    return transactions.changed_by(request, _submission, _held)


def _submission(at: Snapshot, promotion: Promotion) -> tuple[Snapshot, SubmitPromotion]:
    if promotion.status not in EDITABLE:  # nothing comes of it, so that nothing is asked
        return at, SubmitPromotion(products=(), decide_within=timedelta())
    at = transactions.completed(at, promotion)
    found = transactions.featured(at, promotion.details)
    rules.owned(promotion.details, promotion.supplier_id, found)
    wares, within = rules.frozen(promotion.details, found), settings.find(at).promotion_decision
    return at, SubmitPromotion(products=wares, decide_within=within)


def _held(at: Snapshot, promotion: Promotion) -> tuple[Action, ...]:
    return (
        *transactions.selling(at, promotion.supplier_id),
        *transactions.open_communities(at, promotion.details),
        *transactions.as_read(at, promotion.details),
        transactions.counted(at, promotion.supplier_id),
    )
