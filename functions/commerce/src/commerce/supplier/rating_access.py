"""Whether a customer has received something from a supplier, which a rating requires."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from troupe.store import aggregates, keys
from troupe.store.keys import Key


class _Line(BaseModel, frozen=True):
    delivered_quantity: int


class _SupplierOrder(BaseModel, frozen=True):
    customer_id: str
    lines: tuple[_Line, ...]


def supplier_order(tenant_id: str, order_id: str, supplier_id: str) -> Key:
    """The supplier's part of an order."""
    return keys.state(tenant_id, "supplier_order", f"{order_id}.{supplier_id}")


def delivered(item: Mapping[str, Any] | None, customer_id: str) -> bool:
    """Whether any of it was delivered to that customer; what came and went back was delivered too."""
    if item is None:
        return False
    order: _SupplierOrder = aggregates.parse(_SupplierOrder, item["state"])
    return order.customer_id == customer_id and any(line.delivered_quantity for line in order.lines)
