"""A supplier's dispatch, for the tests of orders: what it accepts, sends, delivers and takes back."""

from dataclasses import dataclass, field
from typing import Any

from commerce.supplier_order.decider import SUPPLIER_ORDER, id_of
from commerce.supplier_order.state import SupplierOrder
from support.commerce.catalogue import Catalogue, Goods
from support.commerce.orders import ORDERED, Checkout, requested_line
from support.commerce.shop import Call
from support.spec import TENANT, Reply
from troupe.store.transact import load

accept = Call("accept_lines", f"POST {ORDERED}/accept", {})
reject = Call("reject_lines", f"POST {ORDERED}/reject", {})
ship = Call("ship_lines", f"POST {ORDERED}/ship", {})
recall = Call("recall_shipment", f"POST {ORDERED}/shipments/{{shipment_id}}/recall", {})
deliver = Call("deliver_lines", f"POST {ORDERED}/deliver", {})
request_return = Call("request_return", f"POST {ORDERED}/returns", {})
approve_return = Call("approve_return", f"POST {ORDERED}/returns/{{return_id}}/approve", {})
decline_return = Call("decline_return", f"POST {ORDERED}/returns/{{return_id}}/decline", {})


def lines(*wanted: tuple[str, int | None] | str) -> list[dict[str, Any]]:
    """Of lines by their ids so many each, or all."""
    named = [(each, None) if isinstance(each, str) else each for each in wanted]
    return [{"line_id": name, "quantity": quantity} for name, quantity in named]


@dataclass
class Fulfilment:
    """One supplier and one order of its goods."""

    checkout: Checkout
    order_id: str
    catalogue: Catalogue
    parcels: int = field(default=0)

    @property
    def path(self) -> dict[str, str]:
        return {"order_id": self.order_id}

    @property
    def part(self) -> SupplierOrder:
        state = load(TENANT, SUPPLIER_ORDER, id_of(self.order_id, self.catalogue.supplier_id)).state
        assert isinstance(state, SupplierOrder)
        return state

    @property
    def status(self) -> str:
        return self.checkout.order(self.order_id).detail_status

    @property
    def states(self) -> list[str]:
        return [line.state for line in self.part.lines]

    def accept(self, *line_ids: str) -> Reply:
        return accept(self.path, body={"lines": list(line_ids)}, **self.catalogue.by)

    def reject(self, *wanted: tuple[str, int | None] | str) -> Reply:
        return reject(self.path, body={"lines": lines(*wanted)}, **self.catalogue.by)

    def ship(self, *wanted: tuple[str, int | None] | str, **more: Any) -> Reply:
        body = {"lines": lines(*wanted), "carrier": "DHL", **more}
        return ship(self.path, body=body, **self.catalogue.by)

    def recall(self, shipment_id: str) -> Reply:
        return recall({**self.path, "shipment_id": shipment_id}, **self.catalogue.by)

    def deliver(self, *wanted: tuple[str, int | None] | str, **more: Any) -> Reply:
        return deliver(self.path, body={"lines": lines(*wanted), **more}, **self.catalogue.by)

    def send_back(self, *wanted: tuple[str, int | None] | str) -> Reply:
        body = {"supplier_id": self.catalogue.supplier_id, "lines": lines(*wanted)}
        return request_return(self.path, body=body, **self.checkout.by)

    def take_back(self, return_id: str, *wanted: tuple[str, int | None] | str, **more: Any) -> Reply:
        path = {**self.path, "return_id": return_id}
        return approve_return(path, body={"lines": lines(*wanted), **more}, **self.catalogue.by)

    def decline(self, return_id: str, **body: Any) -> Reply:
        return decline_return({**self.path, "return_id": return_id}, body=body, **self.catalogue.by)


def bought(
    checkout: Checkout, *wanted: tuple[Goods, int], catalogue: Catalogue | None = None, **body: Any
) -> Fulfilment:
    """An order that is paid, of one supplier's goods."""
    order_id = checkout.placed(*(requested_line(goods, quantity) for goods, quantity in wanted), **body)
    assert checkout.pay(order_id).body["detail_status"] == "paid"
    return Fulfilment(checkout, order_id, catalogue or checkout.catalogue)


def done(reply: Reply) -> dict[str, Any]:
    assert reply.status == 200, reply.body
    return reply.body
