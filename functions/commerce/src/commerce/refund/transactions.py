"""To give money back: decided with the suppliers' parts and the order at once, before Stripe is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commerce.order import items
from commerce.order.commands import RequestRefund
from commerce.order.decider import ORDER
from commerce.order.items import also
from commerce.order.values import Attribution
from commerce.supplier_order.decide_refund import AskRefund
from commerce.supplier_order.lines import LineQuantity
from commerce.supplier_order.money_events import SupplierOrderRefundRequested
from commerce.supplier_order.refund import RefundedLine
from troupe.store import keys, reads
from troupe.store.aggregates import Change
from troupe.store.transact import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedPart:
    """What is to go back of a supplier's part, as that part stands by now."""

    part: Change[Any, Any, Any]
    lines: tuple[LineQuantity, ...]
    shipping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedRefund:
    """The order and the parts with the refund decided; without one, where nothing was paid for it."""

    order: Change[Any, Any, Any]
    parts: tuple[Change[Any, Any, Any], ...]
    refund_id: str | None


def ask(
    at: Snapshot, order: Change[Any, Any, Any], wishes: Sequence[RefundedPart], reason: str | None = None
) -> RequestedRefund:
    """Decide a refund of what is wished for, in the transaction that changes the order and its parts."""
    refund_id = at.scope.context.new_id()
    parts = tuple(
        also(at, each.part, AskRefund(refund_id=refund_id, lines=each.lines, shipping=each.shipping))
        for each in wishes
    )
    asked = {
        changed.supplier_id: event
        for part in parts
        if (changed := part.after.state) and (event := _event(part, refund_id))
    }
    if not asked:
        return RequestedRefund(order=order, parts=parts, refund_id=None)
    found_by = attributions(at.scope.tenant_id, order.ref.id)
    command = RequestRefund(
        refund_id=refund_id,
        lines=tuple(
            _line(supplier_id, each, found_by) for supplier_id, event in asked.items() for each in event.lines
        ),
        shipping={name: event.shipping_cents for name, event in asked.items() if event.shipping_cents},
        reason=reason,
    )
    return RequestedRefund(order=also(at, order, command), parts=parts, refund_id=refund_id)


def _event(part: Change[Any, Any, Any], refund_id: str) -> SupplierOrderRefundRequested | None:
    found = (each for each in part.events if isinstance(each, SupplierOrderRefundRequested))
    return next((each for each in found if each.refund_id == refund_id), None)


def _line(supplier_id: str, units: Any, found_by: Mapping[str, Attribution]) -> RefundedLine:
    return RefundedLine(
        line_id=units.line_id,
        supplier_id=supplier_id,
        quantity=units.quantity,
        amount_cents=units.amount_cents,
        promotion_id=found_by[units.line_id].promotion_id,
        community_id=found_by[units.line_id].community_id,
    )


def attributions(tenant_id: str, order_id: str) -> Mapping[str, Attribution]:
    """By what each line was found; that is written once, with the order."""
    pk = keys.aggregate(tenant_id, ORDER.name, order_id)
    lines = items.lines_of(reads.between(pk, items.PREFIX, f"{items.PREFIX}~"))
    return {line.id: line.attribution for line in lines}
