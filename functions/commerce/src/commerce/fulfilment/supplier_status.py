"""An order that is paid is told to each of its suppliers: from then on they have their parts of it to do."""

from datetime import datetime

from commerce.order_parts import part_ref
from commerce.supplier_order_commands import ConfirmSupplierOrder
from troupe.events import Envelope
from troupe.request import scope_of
from troupe.store import execute


def tell(envelope: Envelope) -> None:
    """A part that knows it already stays as it is."""
    at = datetime.fromisoformat(envelope.occurred_at)
    scope = scope_of(
        now=at,
        tenant_id=envelope.tenant_id,
        actor=envelope.actor,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.id,
    )
    for part_id in envelope.data["supplier_orders"]:
        execute(scope, part_ref(part_id), ConfirmSupplierOrder())
