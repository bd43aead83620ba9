"""Refunds, disputes and credit notes; they are alike in all shapes."""

from typing import TYPE_CHECKING, Any

from stripe_simulator.model import CreditNote
from stripe_simulator.platform.model import Dispute, Refund
from stripe_simulator.shapes.people import entry_of, livemode

if TYPE_CHECKING:
    from stripe_simulator.world import World


def refund(world: "World", refund: Refund) -> dict[str, Any]:  # noqa: ARG001 -- as its siblings
    return {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": entry_of(refund.id),
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        **({"failure_reason": refund.failure_reason} if refund.failure_reason else {}),
        "metadata": dict(refund.metadata),
        "payment_intent": refund.intent,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }


def dispute(world: "World", dispute: Dispute) -> dict[str, Any]:
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "evidence_details": {
            "due_by": dispute.created + 7 * 86_400,
            "has_evidence": dispute.evidence,
            "past_due": False,
            "submission_count": int(dispute.evidence),
        },
        "is_charge_refundable": dispute.inquiry,
        "livemode": livemode(world, dispute.account),
        "metadata": {},
        "payment_intent": dispute.intent,
        "reason": dispute.reason,
        "status": dispute.status,
    }


def credit_note(world: "World", note: CreditNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "object": "credit_note",
        "amount": note.amount,
        "created": note.created,
        "currency": note.currency,
        "customer": note.customer,
        "invoice": note.invoice,
        "livemode": livemode(world, note.account),
        "metadata": {},
        "post_payment_amount": 0,
        "pre_payment_amount": note.amount,
        "reason": None,
        "refund": None,
        "status": "issued",
        "subtotal": note.amount,
        "total": note.amount,
        "type": "pre_payment",
        "voided_at": None,
    }
