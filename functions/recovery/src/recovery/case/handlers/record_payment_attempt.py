"""POST /v1/recovery/recovery-attempts/{recovery_attempt_id}/payment-attempts"""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from recovery.attempt.commands import Planning, RecordPaymentAttempt
from recovery.attempt.events import Charge
from recovery.attempt.retry_schedule import planning_of
from recovery.attempt.state import Attempt
from recovery.case import card_charges, transactions
from recovery.fields import Cents
from recovery.policy.decline import Decline
from recovery.workspace.decider import WORKSPACE
from troupe.domain import limits
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown, load

StripeId = Annotated[
    str, limits.Text(pattern=r"^[A-Za-z0-9_]{1,120}$", means="an id of Stripe's, of letters, digits and _")
]
Code = Annotated[str, limits.Text(pattern=r"^[A-Za-z0-9_]{1,64}$", means="a code of letters, digits and _")]


class DeclineForm(fields.Body):
    """Why Stripe declined the charge, as far as it is known."""

    code: Code | None = None
    decline_code: Code | None = None
    advice_code: Code | None = None
    network_decline_code: Code | None = None
    network_advice_code: Code | None = None
    outcome_type: Code | None = None
    outcome_reason: Code | None = None


class Body(fields.Body):
    """`id` is the charge's: recorded again it is no news. A customer's own attempts use up no retry."""

    id: StripeId
    at: fields.Instant
    status: Literal["succeeded", "failed", "pending"]
    amount_cents: Annotated[Cents, Field(gt=0)]
    initiator: Literal["stripe", "customer"] = "customer"
    executed: bool = True
    payment_intent_id: StripeId | None = None
    payment_method_id: StripeId | None = None
    fingerprint: StripeId | None = None
    brand: Code | None = None
    decline: DeclineForm = Field(default_factory=DeclineForm)


@endpoint(
    Operation(
        permission="recovery_attempt:record_payment",
        body=Body,
        refusals=("charged_in_future",),
        example={
            "id": "ch_3QXk2eLkdIwHu7ix1a2B3c4D",
            "at": "2026-01-31T12:00:00Z",
            "status": "failed",
            "amount_cents": 1999,
            "initiator": "stripe",
            "payment_intent_id": "pi_3QXk2eLkdIwHu7ix1f2E3d4C",
            "payment_method_id": "pm_1QXk2eLkdIwHu7ixa1B2c3D4",
            "fingerprint": "Xt5EWLLDS7FJjR1c",
            "brand": "visa",
            "decline": {
                "code": "card_declined",
                "decline_code": "insufficient_funds",
                "advice_code": "try_again_later",
                "network_decline_code": "51",
                "outcome_type": "issuer_declined",
                "outcome_reason": "insufficient_funds",
            },
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """What Stripe's events did not tell. A failed one plans the next retry anew."""
    if request.body.at > request.now:
        raise Invalid("charged_in_future", "What is yet to be charged is no attempt.", "at")
    attempt = transactions.ref(request.id("recovery_attempt_id"))

    def decide(at: Snapshot) -> Decision:
        state = at.of(attempt).state
        planning = _planning(at, attempt.id, state) if state.pending else None
        record = replace(_record(request.body), planning=planning)
        return transactions.written(at, transactions.decided(at, attempt, (record,)))

    return request.transact((attempt,), decide)


def _record(body: Body) -> RecordPaymentAttempt:
    charge = Charge(
        id=body.id,
        payment_intent_id=body.payment_intent_id,
        at=body.at,
        status=body.status,
        amount_cents=body.amount_cents,
        initiator=body.initiator,
        executed=body.executed,
        fingerprint=body.fingerprint,
        brand=body.brand,
        payment_method_id=body.payment_method_id,
    )
    decline = Decline(**body.decline.model_dump(), brand=body.brand) if body.status == "failed" else None
    return RecordPaymentAttempt(charge=charge, decline=decline)


def _planning(at: Snapshot, attempt_id: str, state: Attempt) -> Planning:
    """By the workspace's settings, and what the card that would be charged was charged of late."""
    tenant_id = at.scope.tenant_id
    workspace = load(tenant_id, WORKSPACE, state.workspace_id).state
    if workspace is None:
        raise Unknown(state.workspace_id)
    fingerprint = state.card.fingerprint if state.card else None
    ledger = card_charges.read(tenant_id, fingerprint, at.scope.context.now)
    return replace(planning_of(attempt_id, workspace.settings), ledger=ledger.charges)
