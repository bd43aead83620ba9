"""POST /v1/commerce/products/{product_id}/variants/{variant_id}/inventory/{location_id}/adjust"""

from typing import Annotated

from pydantic import Field

from commerce import counts
from commerce.inventory import AdjustInventory
from commerce.product_forms import MOST_UNITS
from commerce.product_views import InventoryChanged
from commerce.stock import Level
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


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

    return counts.change(request, command)
