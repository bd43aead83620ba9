"""POST /v1/recovery/subscriptions-at-risk/{subscription_at_risk_id}/resolve"""

from recovery.forms import ReasonCode
from recovery.subscription_at_risk import SUBSCRIPTION_AT_RISK, ResolveSubscriptionAtRisk
from troupe import fields
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: ReasonCode = "requested"


@endpoint(Operation(permission="subscription_at_risk:resolve", body=Body, example={"reason": "requested"}))
def handler(request: Request[Body]) -> Answer:
    """No warning is sent of it any more. A recovery attempt that it is linked to goes on."""
    risk = Ref(decider=SUBSCRIPTION_AT_RISK, id=request.id("subscription_at_risk_id"))
    return request.execute(risk, ResolveSubscriptionAtRisk(reason=request.body.reason))
