"""POST /v1/commerce/products/{product_id}/variants/{variant_id}/inventory/{location_id}/split"""

from typing import Annotated

from pydantic import Field

from commerce.inventory.decider import SplitStock
from commerce.inventory.state import MOST_BUCKETS, Level
from commerce.product.responses import InventoryChanged
from commerce.stock_count import transactions
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    """Into how many buckets: as many orders at a time take from it without waiting for each other."""

    buckets: Annotated[int, Field(ge=1, le=MOST_BUCKETS, examples=[8])]


REFUSALS = ("no_inventory", "buckets_only_grow", "backorders_not_split", "too_many_stock_items")


@endpoint(
    Operation(
        permission="inventory:split",
        body=Body,
        reply=InventoryChanged,
        refusals=REFUSALS,
        example={"buckets": 8},
    )
)
def handler(request: Request[Body]) -> Answer:
    """While it is sold: first there are more buckets, empty, then stock moves into them little by little."""

    def command(_levels: tuple[Level, ...]) -> SplitStock:
        return SplitStock(
            variant_id=request.id("variant_id"),
            location_id=request.id("location_id"),
            buckets=request.body.buckets,
        )

    answer = transactions.change(request, command)
    transactions.share(transactions.spot(request), request.body.buckets)
    return answer
