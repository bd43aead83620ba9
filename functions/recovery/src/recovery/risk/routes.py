"""The plain commands of a subscription at risk."""

from recovery.fields import ReasonCode
from recovery.risk.decider import SUBSCRIPTION_AT_RISK, ResolveSubscriptionAtRisk
from troupe.edge import fields
from troupe.edge.routes import Routes

routes = Routes(SUBSCRIPTION_AT_RISK)


class ResolutionBody(fields.Body):
    reason: ReasonCode = "requested"


resolve_subscription_at_risk = routes.post(
    "/subscriptions-at-risk/{subscription_at_risk_id}/resolve",
    ResolveSubscriptionAtRisk,
    permission="subscription_at_risk:resolve",
    body=ResolutionBody,
    example={"reason": "requested"},
)
