"""POST /v1/commerce/products/{product_id}/variants/{variant_id}/inventory/{location_id}/adjust"""

from typing import Annotated

from pydantic import Field

from commerce.inventory.decider import AdjustInventory
from commerce.inventory.state import Level
from commerce.product.requests import MOST_UNITS
from commerce.product.responses import InventoryChanged
from commerce.stock_count import transactions
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """How many more there are, or fewer, and why: a delivery, breakage, a find."""

    by: Annotated[int, Field(ge=-MOST_UNITS, le=MOST_UNITS)]
    reason: fields.Reason


REFUSALS = ("no_inventory", "below_reserved")


@endpoint(
    Operation(
        permission="inventory:adjust",
        body=Body,
        reply=InventoryChanged,
        refusals=REFUSALS,
        example={"by": -2, "reason": "Damaged in the warehouse"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """What is ordered is not adjusted away: what is broken of that, a count says by force."""

    def command(levels: tuple[Level, ...]) -> AdjustInventory:
        return AdjustInventory(
            variant_id=request.id("variant_id"),
            location_id=request.id("location_id"),
            by=request.body.by,
            reason=request.body.reason,
            levels=levels,
        )

    return transactions.change(request, command)
