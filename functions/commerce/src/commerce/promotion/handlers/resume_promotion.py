"""POST /v1/commerce/promotions/{promotion_id}/resume"""

from commerce.promotion import transactions
from commerce.promotion.commands import ResumePromotion
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = ("invalid_transition", "window_over", "supplier_not_verified")


@endpoint(Operation(permission="promotion:resume", refusals=REFUSALS))
def handler(request: Request[NoBody]) -> Answer:
    """Within its window, and of a supplier that sells."""
    return transactions.change(
        request, ResumePromotion(), lambda at, promotion: transactions.selling(at, promotion.supplier_id)
    )
