"""Payouts that were held go on when their supplier changes: it is reinstated, or its account takes transfers.

They would be tried again in any case, ever more rarely; this makes it soon.
"""

from commerce.order import items
from commerce.supplier_order.decider import held_payouts
from commerce.supplier_order.payout_commands import ResumePayout
from troupe.clock import now
from troupe.edge.request import scope_after
from troupe.store import keys, reads
from troupe.store.envelope import Envelope
from troupe.store.transact import execute

CHANGES = ("supplier.payout_account_updated", "supplier.reinstated", "supplier.verified")


def resume(event: Envelope) -> None:
    """The sweep tries each of them anew; what still holds it holds it again."""
    listed = keys.listing(event.tenant_id, held_payouts(event.aggregate_id))
    scope = scope_after(event, now())
    for row in list(reads.listed("GSI1", listed, "0", "~")):
        execute(scope, items.part_ref(row["id"]), ResumePayout())
