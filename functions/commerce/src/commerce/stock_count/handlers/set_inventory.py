"""PUT /v1/commerce/products/{product_id}/variants/{variant_id}/inventory/{location_id}"""

from typing import Annotated

from pydantic import Field

from commerce.inventory.decider import SetInventory
from commerce.inventory.state import Level
from commerce.product.requests import MOST_UNITS, Units
from commerce.product.responses import InventoryChanged
from commerce.stock_count import transactions
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """What was counted, if there was as much as expected before (0 where nothing was counted yet).

    `safety` is kept back from sale; negative, it may be sold before it is there. `force` sets less than is
    ordered, and the answer tells how much is oversold then.
    """

    on_hand: Units
    expected_on_hand: Units
    safety: Annotated[int, Field(ge=-MOST_UNITS, le=MOST_UNITS)] | None = None
    force: bool = False
    reason: fields.Reason | None = None


REFUSALS = ("inventory_changed", "below_reserved", "backorders_not_split", "too_many_stock_items")


@endpoint(
    Operation(
        permission="inventory:set",
        body=Body,
        reply=InventoryChanged,
        refusals=REFUSALS,
        example={"on_hand": 120, "expected_on_hand": 0, "safety": 5, "reason": "First count"},
    )
)
def handler(request: Request[Body]) -> Answer:
    body = request.body

    def command(levels: tuple[Level, ...]) -> SetInventory:
        return SetInventory(
            variant_id=request.id("variant_id"),
            location_id=request.id("location_id"),
            on_hand=body.on_hand,
            expected=body.expected_on_hand,
            levels=levels,
            safety=body.safety,
            force=body.force,
            reason=body.reason,
        )

    return transactions.change(request, command)
