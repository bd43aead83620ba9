"""POST /v1/commerce/promotions/{promotion_id}/approve"""

from commerce.promotion import approval
from commerce.promotion.commands import ApprovePromotion
from commerce.promotion.requests import Decision
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer

REFUSALS = (
    *("permission_required", "leader_required", "no_community", "no_target", "not_open"),
    *("target_decided", "window_over"),
)


@endpoint(
    Operation(
        permission="promotion:approve",
        body=Decision,
        refusals=REFUSALS,
        example={"target": "0192f0c1-7a00-7000-8000-0000000000c1"},
    )
)
def handler(request: Request[Decision]) -> Answer:
    """It is shown there from its start on, or at once; what others decide is their affair."""
    return approval.decide(request, ApprovePromotion(target=request.body.target))
