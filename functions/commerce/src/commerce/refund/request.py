"""A request to give money back: who may make it, of which lines, and what it is answered."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from commerce.order import access, items, reservation
from commerce.order.decide_refund import undisputed
from commerce.order.line_requests import LineQuantityBody as UnitsForm
from commerce.order.reservation import SupplierOrderRecord, order_of
from commerce.order.responses import Amount
from commerce.refund import settle, transactions
from commerce.refund.transactions import RefundedPart
from commerce.supplier_order.amounts import refundable
from commerce.supplier_order.lines import LineQuantity
from troupe.domain.decider import Invalid, Rejected
from troupe.edge.endpoint import Version
from troupe.edge.request import Request
from troupe.observability import outcome
from troupe.store import aggregates, keys
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.stripe.client import RetryLater, UnknownOutcome


class Refunded(Version, frozen=True):
    """The order, and the refund. `requested`: Stripe has not answered yet, and will be asked again."""

    refund_id: str
    refund_status: Literal["requested", "succeeded", "failed"]
    amount: Amount
    payment_status: str
    detail_status: str
    code: str | None = None


def refund_lines(
    request: Request[Any], lines: Sequence[UnitsForm], *, shipping: bool, reason: str | None
) -> Answer:
    """Decide it, and have Stripe make it."""
    ref = items.order_ref(request.id("order_id"))

    def decide(at: Snapshot) -> Decision:
        found = at.of(ref)
        order = order_of(found)
        full, parts = reservation.supplier_orders(at, order)
        mine = _own(request, ref.id, parts)
        undisputed(order)
        wishes = [
            RefundedPart(part=aggregates.change(each.ref, each.found, ()), lines=units, shipping=shipping)
            for each, units in _wished(mine, lines, shipping=shipping)
        ]
        asked = transactions.ask(full, aggregates.change(ref, found, ()), wishes, reason)
        if asked.refund_id is None:
            raise Rejected("nothing_to_refund", "Nothing was paid for that, or it has gone back.")
        changes = (asked.order, *(part for part in asked.parts if part.events))
        return Decision(changes=changes, body={"refund_id": asked.refund_id})

    subject = keys.subject(request.tenant_id, f"order:{ref.id}")  # of the reason
    answer = request.transact((ref, subject), decide, _asked)
    return _made(request, answer)


def _own(
    request: Request[Any], order_id: str, parts: Iterable[SupplierOrderRecord]
) -> list[SupplierOrderRecord]:
    """The parts that the caller may speak for; an order with none of them is not there."""
    caller = request.caller
    overseen = access.ADMINISTER in caller.permissions
    mine = [each for each in parts if overseen or each.part.supplier_id == caller.id]
    if not mine:
        raise Unknown(order_id)
    return mine


def _wished(
    parts: Sequence[SupplierOrderRecord], lines: Sequence[UnitsForm], *, shipping: bool
) -> Iterable[tuple[SupplierOrderRecord, tuple[LineQuantity, ...]]]:
    """What is wished for of each part; the shipping alone is of every part."""
    known = {line.id for each in parts for line in each.part.lines}
    for number, named in enumerate(lines):
        if named.line_id not in known:
            raise Invalid("no_line", f"There is no line {named.line_id}.", f"lines.{number}.line_id")
    for each in parts:
        units = tuple(_units(named, each) for named in lines if each.part.line(named.line_id))
        if units or (shipping and not lines):
            yield each, units


def _units(named: UnitsForm, sold: SupplierOrderRecord) -> LineQuantity:
    line = next(each for each in sold.part.lines if each.id == named.line_id)
    count = refundable(line) if named.quantity is None else named.quantity
    if count <= 0:
        raise Rejected("not_refundable", f"Nothing of line {line.id} can be refunded: cancel what is unsent.")
    return LineQuantity(line_id=line.id, quantity=count)


def _asked(decided: Decision) -> Answer:
    return _answer(decided.first, decided.body["refund_id"])


def _answer(found: Stored[Any], refund_id: str) -> Answer:
    order = order_of(found)
    refund = next(each for each in order.refunds if each.id == refund_id)
    shown = Refunded(
        id=found.id,
        version=found.version,
        refund_id=refund.id,
        refund_status=refund.status,
        amount=Amount(amount_cents=refund.amount_cents, currency=order.totals.currency),
        payment_status=order.payment.status,
        detail_status=order.detail_status,
        code=refund.code,
    )
    headers = {"etag": f'"{found.version}"'}
    return Answer(status=200, body=shown.model_dump(mode="json"), headers=headers)


def _made(request: Request[Any], asked: Answer) -> Answer:
    """What became of it, if Stripe says so now; else it is asked for, and the sweep sees to it."""
    scope = replace(request.scope, idempotency=None, if_match=None)
    try:
        done = settle.carry_out(scope, asked.body["id"])
    except (RetryLater, UnknownOutcome) as failed:
        outcome("refund_waits", tenant_id=request.tenant_id, order_id=asked.body["id"], error=str(failed))
        return asked
    return _answer(done, asked.body["refund_id"])
