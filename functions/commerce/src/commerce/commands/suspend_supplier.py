"""POST /v1/commerce/suppliers/{supplier_id}/suspend"""

from commerce import business
from commerce.supplier_commands import SuspendSupplier
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="supplier:suspend",
        body=Body,
        refusals=("invalid_transition",),
        example={"reason": "Parcels were sent empty."},
    )
)
def handler(request: Request[Body]) -> Answer:
    """It signs in no more, and nothing of it is sold; what was paid is for the staff to see to."""
    return business.change(request, SuspendSupplier(reason=request.body.reason))
