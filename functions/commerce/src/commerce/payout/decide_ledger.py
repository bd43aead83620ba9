"""What is posted to a supplier's ledger when its part of an order changes. All of it pure.

balance = earnings - commission - reversals - payouts: the shop owes it to the supplier, or, if it is
negative, the supplier to the shop.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from commerce.supplier_order.amounts import revenue_of
from commerce.supplier_order.events import Event
from commerce.supplier_order.money_events import (
    SupplierOrderPayoutDue,
    SupplierOrderPayoutHeld,
    SupplierOrderPayoutReversed,
    SupplierOrderPayoutStarted,
)
from commerce.supplier_order.state import SupplierOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Cents that are added. `payouts`: a transfer counts from when it is begun."""

    earnings: int = 0
    commission: int = 0
    reversals: int = 0
    payouts: int = 0

    @property
    def balance(self) -> int:
        return self.earnings - self.commission - self.reversals - self.payouts


def posting(before: SupplierOrder, after: SupplierOrder, events: Iterable[Event]) -> Posting:
    """What a change of the part means for the ledger, which knows it since it fell due."""
    due = next((each for each in events if isinstance(each, SupplierOrderPayoutDue)), None)
    taken_back = 0
    if before.payout.due_at:
        taken_back = revenue_of(before).net_cents - revenue_of(after).net_cents
    return Posting(
        earnings=due.revenue_cents if due else 0,
        commission=due.commission_cents if due else 0,
        reversals=taken_back,
        payouts=sum(_sent(each, before) for each in events),
    )


def _sent(event: Event, before: SupplierOrder) -> int:
    match event:
        case SupplierOrderPayoutStarted(amount_cents=amount):
            return amount
        case SupplierOrderPayoutReversed(amount_cents=amount):
            return -amount
        case SupplierOrderPayoutHeld(number=number) if number is not None and before.payout.sending:
            return -before.payout.sending.amount_cents
        case _:
            return 0
