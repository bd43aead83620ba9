"""The plain commands on a supplier's part of an order: the lines and where they go."""

from commerce.fulfilment import access
from commerce.order import line_requests as bodies
from commerce.order.line_responses import Fulfilment
from commerce.supplier_order.commands import (
    AcceptLines,
    ApproveReturn,
    DeclineReturn,
    DeliverLines,
    RecallShipment,
    RejectLines,
    RequestReturn,
    ShipLines,
)
from commerce.supplier_order.decider import SUPPLIER_ORDER
from troupe.edge.routes import Routes

routes = Routes(SUPPLIER_ORDER, run=access.by_supplier, reply=Fulfilment, refusals=access.OF_SUPPLIERS)

accept_lines = routes.post(
    "/orders/{order_id}/accept",
    AcceptLines,
    permission="order:accept_lines",
    body=bodies.AcceptBody,
    example={"lines": ["1"]},
)
reject_lines = routes.post(
    "/orders/{order_id}/reject",
    RejectLines,
    permission="order:reject_lines",
    body=bodies.RejectBody,
    refusals=(*access.OF_SUPPLIERS, "too_many_lines"),
    example={"lines": [{"line_id": "1", "quantity": 1}], "reason": "The last one is damaged."},
)
ship_lines = routes.post(
    "/orders/{order_id}/ship",
    ShipLines,
    permission="order:ship_lines",
    body=bodies.ShipBody,
    refusals=(*access.OF_SUPPLIERS, "too_many_lines", "too_many_shipments", "insufficient_on_hand"),
    example={"lines": [{"line_id": "1"}], "carrier": "DHL", "tracking_number": "JJD000390007827432619"},
)
recall_shipment = routes.post(
    "/orders/{order_id}/shipments/{shipment_id}/recall",
    RecallShipment,
    permission="order:ship_lines",
    body=bodies.RecallBody,
    refusals=(*access.OF_SUPPLIERS, "no_shipment"),
)
deliver_lines = routes.post(
    "/orders/{order_id}/deliver",
    DeliverLines,
    permission="order:deliver_lines",
    body=bodies.DeliverBody,
    refusals=(*access.OF_SUPPLIERS, "no_shipment"),
    example={"shipment_id": "0192f0c1-7a00-7000-8000-0000000000f7"},
)
request_return = routes.post(
    "/orders/{order_id}/returns",
    RequestReturn,
    permission="order:request_return",
    run=access.by_customer,
    body=bodies.ReturnBody,
    refusals=(*access.OF_CUSTOMERS, "return_window_over", "too_many_returns"),
    example={
        "supplier_id": "0192f0c1-7a00-7000-8000-0000000000e1",
        "lines": [{"line_id": "1", "quantity": 1}],
        "reason": "Too small.",
    },
)
approve_return = routes.post(
    "/orders/{order_id}/returns/{return_id}/approve",
    ApproveReturn,
    permission="order:approve_return",
    body=bodies.ApproveBody,
    refusals=(*access.OF_SUPPLIERS, "no_return"),
    example={"restock": True},
)
decline_return = routes.post(
    "/orders/{order_id}/returns/{return_id}/decline",
    DeclineReturn,
    permission="order:approve_return",
    body=bodies.DeclineBody,
    refusals=(*access.OF_SUPPLIERS, "no_return"),
    example={"reason": "It never came."},
)
