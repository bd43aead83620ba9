"""POST /v1/commerce/orders"""

from dataclasses import replace

from commerce.checkout import decide, read, write
from commerce.checkout.requests import OrderBody, cart
from commerce.order import reservation
from commerce.order.responses import Totals
from commerce.order.state import Order
from troupe.domain.decider import Rejected
from troupe.edge.endpoint import Operation, Version, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.scope import Answer
from troupe.store.transact import Contended, Decision

TRIES = 5  # of three attempts each


class Placed(Version, frozen=True):
    """It waits for its payment until `expires_at`."""

    status: str
    detail_status: str
    totals: Totals
    expires_at: str


@endpoint(
    Operation(
        permission="order:place",
        body=OrderBody,
        reply=Placed,
        status=201,
        refusals=(
            "mixed_currencies",
            "not_shipped_there",
            "out_of_stock",
            "price_changed",
            "product_unavailable",
            "promotion_unavailable",
            "supplier_not_verified",
            "too_many_suppliers",
        ),
        example={
            "lines": [
                {
                    "product_id": "0192f0c1-7a00-7000-8000-0000000000b1",
                    "variant_id": "0192f0c1-7a00-7000-8000-0000000000d1",
                    "quantity": 2,
                }
            ],
            "address": {
                "name": "Emily Johnson",
                "line1": "Hauptstr. 1",
                "city": "Berlin",
                "postal_code": "10115",
                "country": "DE",
            },
        },
    )
)
def handler(request: Request[OrderBody]) -> Answer:
    order_id = new_id()
    answer = _placing(request, order_id)
    if answer.body["detail_status"] != "reserving":
        return answer
    found = reservation.advance(request.scope, order_id)
    order = reservation.order_of(found)
    if order.detail_status != "pending_payment":
        raise Rejected("out_of_stock", "There is not as much left.")
    return replace(answer, body={**answer.body, **_shown(order), "version": found.version})


def _placing(request: Request[OrderBody], order_id: str) -> Answer:
    """Tried more often than other commands: many buyers of one thing write to the same buckets."""
    reads = read.purchase(order_id, cart(request.body), request.caller.id)
    for _ in range(TRIES):
        try:
            return request.carry_out(read=reads, decide=decide.place, write=write.placement, reply=_placed)
        except Contended:
            continue
    raise Contended


def _placed(decision: Decision) -> Answer:
    answer = created("/v1/commerce/orders/{id}")(decision)
    return replace(answer, body={**answer.body, **_shown(reservation.order_of(decision.first))})


def _shown(order: Order) -> dict[str, object]:
    totals = {name: getattr(order.totals, name) for name in Totals.model_fields}
    return {
        "status": order.status,
        "detail_status": order.detail_status,
        "totals": totals,
        "expires_at": order.expires_at.isoformat().replace("+00:00", "Z"),
    }
