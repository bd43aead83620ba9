"""POST /v1/recovery/workspaces/{workspace_id}/subscriptions-at-risk"""

from typing import Annotated

from recovery.risk import transactions
from recovery.risk.decider import FlagSubscriptionAtRisk, Reason
from recovery.workspace.decider import WORKSPACE
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    """`expiration_date` is the last day on which a card that expires is good; only then is there one."""

    stripe_customer_id: Annotated[
        str,
        limits.Text(
            pattern=r"^cus_[A-Za-z0-9]{1,60}$", means="the id of a customer at Stripe, as cus_9s6XKzkNRiz8i3"
        ),
    ]
    stripe_subscription_id: Annotated[
        str,
        limits.Text(
            pattern=r"^sub_[A-Za-z0-9]{1,60}$",
            means="the id of a subscription at Stripe, as sub_1MowQVLkdIwHu7ix",
        ),
    ]
    reason: Reason
    expiration_date: fields.Day | None = None
    risk_detected_at: fields.Instant | None = None


@endpoint(
    Operation(
        permission="subscription_at_risk:flag",
        body=Body,
        status=201,
        refusals=("wrong_expiration_date",),
        example={
            "stripe_customer_id": "cus_RQv5N1Zb4mE7aC",
            "stripe_subscription_id": "sub_1QXk2eLkdIwHu7ixz9Y8x7W6",
            "reason": "card_expiring",
            "expiration_date": "2026-02-28",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Of each reason there is one at most; flagging it again is no news."""
    body, workspace = request.body, Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    risk = transactions.ref(workspace.id, body.stripe_subscription_id, body.reason)
    flag = FlagSubscriptionAtRisk(
        workspace_id=workspace.id,
        stripe_customer_id=body.stripe_customer_id,
        stripe_subscription_id=body.stripe_subscription_id,
        reason=body.reason,
        risk_detected_at=body.risk_detected_at,
        expiration_date=body.expiration_date,
    )

    def decide(at: Snapshot) -> Decision:
        at.of(workspace)
        return Decision(changes=(transactions.decided(at, risk, (flag,)),))

    return request.transact((risk, workspace), decide, created("/v1/recovery/subscriptions-at-risk/{id}"))
