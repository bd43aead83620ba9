"""POST /v1/commerce/promotions/{promotion_id}/reject"""

from commerce.promotion import approval
from commerce.promotion.commands import RejectPromotion
from commerce.promotion.requests import Refusal
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = (
    *("permission_required", "leader_required", "no_community", "no_target", "not_open"),
    "target_decided",
)


@endpoint(
    Operation(
        permission="promotion:reject",
        body=Refusal,
        refusals=REFUSALS,
        example={"target": "0192f0c1-7a00-7000-8000-0000000000c2", "reason": "We are about cooking."},
    )
)
def handler(request: Request[Refusal]) -> Answer:
    """It is not shown there; what others decide is their affair."""
    body = request.body
    return approval.decide(request, RejectPromotion(target=body.target, reason=body.reason))
