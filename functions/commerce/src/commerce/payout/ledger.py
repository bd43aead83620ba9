"""A supplier's ledger, for each currency: a counter written with each decision on its supplier orders.

{earnings, commission, reversals, payouts, balance}, in cents.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from commerce.payout.decide_ledger import posting
from commerce.supplier_order.state import SupplierOrder
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Change
from troupe.store.keys import Key
from troupe.store.writes import Action

TALLY = "supplier_ledger"
SUMS = ("earnings", "commission", "reversals", "payouts", "balance")


def key(tenant_id: str, supplier_id: str, currency: str) -> Key:
    return keys.counter(tenant_id, TALLY, supplier_id, currency)


def of(tenant_id: str, supplier_id: str) -> dict[str, dict[str, int]]:
    """All sums of a supplier, by currency."""
    pk = key(tenant_id, supplier_id, "").pk
    return {item["SK"]: {name: int(item[name]) for name in SUMS} for item in reads.between(pk, "AAA", "ZZZ")}


def balance_of(item: Mapping[str, Any] | None) -> int:
    return item["balance"] if item else 0


def posted(tenant_id: str, changed: Change[Any, Any, Any]) -> tuple[Action, ...]:
    """What a change of a supplier's part adds; nothing is paid out of what others have taken meanwhile."""
    before, after = changed.before.state, changed.after.state
    if not (isinstance(before, SupplierOrder) and isinstance(after, SupplierOrder)):
        return ()
    found = posting(before, after, changed.events)
    sums = {**asdict(found), "balance": found.balance}
    if not any(sums.values()):
        return ()
    least = found.payouts - (found.earnings - found.commission - found.reversals)
    guarded = found.payouts > 0 and least > 0
    return (
        writes.update(
            key(tenant_id, after.supplier_id, after.currency),
            f"ADD {', '.join(f'{name} :{name}' for name in sums)}",
            {**sums, **({"least": least} if guarded else {})},
            condition="balance >= :least" if guarded else None,
        ),
    )
