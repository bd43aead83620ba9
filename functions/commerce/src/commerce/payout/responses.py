"""How a payout stands, as it is answered."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from commerce.order.reservation import supplier_order_of
from commerce.supplier_order.amounts import outstanding
from commerce.supplier_order.payout import PayoutStatus
from commerce.supplier_order.state import SupplierOrder
from troupe.edge.endpoint import Version
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer


class PayoutView(BaseModel, frozen=True):
    """What the supplier has of it, in cents, and what it owes. `until`: when what is held is tried again."""

    payout_status: PayoutStatus
    currency: str
    transferred_cents: int
    withheld_cents: int
    debt_cents: int
    outstanding_cents: int
    transfer_ids: list[str]
    reason: str | None
    until: datetime | None


class Payout(PayoutView, Version, frozen=True):
    """A supplier's part of an order, and how its payout stands."""


def answered(found: Stored[Any]) -> Answer:
    view = Payout(id=found.id, version=found.version, **to_response(supplier_order_of(found)).model_dump())
    return Answer(status=200, body=view.model_dump(mode="json"), headers={"etag": f'"{found.version}"'})


def to_response(part: SupplierOrder) -> PayoutView:
    was = part.payout
    return PayoutView(
        payout_status=status(part),
        currency=part.currency,
        transferred_cents=was.transferred_cents,
        withheld_cents=was.withheld_cents,
        debt_cents=was.debt_cents,
        outstanding_cents=outstanding(part) if was.due_at else 0,
        transfer_ids=[each.transfer_id for each in was.transfers],
        reason="disputed" if was.disputes else was.hold and was.hold.reason,
        until=was.hold and was.hold.until,
    )


def status(part: SupplierOrder) -> PayoutStatus:
    was = part.payout
    if was.disputes or was.hold:
        return "held"
    if was.due_at is None:
        return "none"
    if was.sending or was.recalling or outstanding(part):
        return "due"
    return "reversed" if was.transfers and not was.transferred_cents else "paid"
