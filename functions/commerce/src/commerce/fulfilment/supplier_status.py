"""An order that is paid is told to each of its suppliers: from then on they have their parts of it to do."""

from datetime import datetime

from commerce.order.items import part_ref
from commerce.supplier_order.commands import ConfirmSupplierOrder
from troupe.edge.request import scope_after
from troupe.store.envelope import Envelope
from troupe.store.transact import execute


def notify(envelope: Envelope) -> None:
    """A part that knows it already stays as it is."""
    scope = scope_after(envelope, datetime.fromisoformat(envelope.occurred_at), envelope.actor)
    for part_id in envelope.data["supplier_orders"]:
        execute(scope, part_ref(part_id), ConfirmSupplierOrder())
