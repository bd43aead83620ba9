"""No route: every five minutes. What was left lying of all tenants' orders: holds, lines, refunds, payouts.

A hold whose timer was lost ends here; what is half reserved is reserved or given back; a payment that is to
go back goes back; lines that no supplier has answered are rejected, and those that cannot be sent back any
more are complete; what was decided to go back goes back, and suppliers are paid. A supplier whose address
was not confirmed in time expires; a document that was not submitted is removed. Each is a step that can be
taken again.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from commerce.fulfilment import transactions
from commerce.order import reservation
from commerce.order.commands import ExpireOrder
from commerce.payment import pay
from commerce.payment import settle as payment_settle
from commerce.payout import pay_out
from commerce.refund import settle
from commerce.supplier import documents
from commerce.supplier.routes import expire_supplier
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.observability import metrics
from troupe.quota import uploads
from troupe.store.due import Due, sweep
from troupe.store.scope import Scope

ACTOR = "sweep"


def _expire(scope: Scope, order_id: str) -> object:
    return pay.give_up(scope, order_id, ExpireOrder())


def _expire_supplier(scope: Scope, supplier_id: str) -> object:
    path = {"supplier_id": supplier_id}
    return expire_supplier({"tenant_id": scope.tenant_id, "path": path, "actor": ACTOR}, None)


def _remove_document(scope: Scope, document_id: str) -> None:
    uploads.remove(scope.tenant_id, document_id, os.environ["DOCUMENTS_BUCKET"], scope.context.now)


STEPS: Mapping[str, Callable[[Scope, str], object]] = {
    "order_hold": _expire,
    "order_reserving": reservation.advance,
    "order_reversal": payment_settle.reverse,
    "order_acceptance": transactions.reject_unanswered,
    "supplier_order_completion": transactions.complete,
    "order_refund": settle.carry_out,
    "supplier_order_payout": pay_out.advance,
    "pending_supplier": _expire_supplier,
    documents.DUE: _remove_document,
}


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, int]:
    instant = now()
    swept = [sweep(kind, _step(kind, instant), instant) for kind in STEPS]
    metrics.flush_metrics()
    return {"done": sum(each.done for each in swept), "failed": sum(each.failed for each in swept)}


def _step(kind: str, instant: datetime) -> Callable[[Due], object]:
    def step(due: Due) -> object:
        scope = scope_of(now=instant, tenant_id=due.tenant_id, actor=ACTOR, correlation_id=f"{kind}-{due.id}")
        return STEPS[kind](scope, due.id)

    return step
