"""POST /v1/commerce/suppliers/{supplier_id}/ratings"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from commerce.supplier import rating_access, transactions
from commerce.supplier.rating_decider import SUPPLIER_RATING, RateSupplier, rating_id
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    order_id: UUID
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: fields.Text | None = None


@endpoint(
    Operation(
        permission="supplier:rate",
        body=Body,
        refusals=("nothing_delivered", "not_the_customer"),
        example={
            "order_id": "0192f0c1-7a00-7000-8000-0000000000c7",
            "stars": 5,
            "comment": "Still warm when it came.",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Once for each order of this supplier's that was delivered; the later word replaces the former."""
    supplier, order_id = transactions.ref(request.id("supplier_id")), str(request.body.order_id)
    rated = rating_id(order_id, supplier.id)
    rating = Ref(decider=SUPPLIER_RATING, id=rated, creates=True)
    part = rating_access.supplier_order(request.tenant_id, order_id, supplier.id)

    def decide(at: Snapshot) -> Decision:
        at.of(supplier)
        command = RateSupplier(
            supplier_id=supplier.id,
            order_id=order_id,
            stars=request.body.stars,
            delivered=rating_access.delivered(at.item(part), request.caller.id),
            comment=request.body.comment,
        )
        return Decision(changes=(at.decide(rating, command),))

    # by its key: a reference that creates is not read
    subject = keys.subject(request.tenant_id, f"user:{request.caller.id}")
    return request.transact((rating, rating.key(request.tenant_id), supplier, part, subject), decide)
