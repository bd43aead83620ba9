"""POST /v1/commerce/suppliers/{supplier_id}/reject"""

from commerce import business
from commerce.supplier_commands import RejectSupplier
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="supplier:reject",
        body=Body,
        refusals=("invalid_transition",),
        example={"reason": "The licence has expired."},
    )
)
def handler(request: Request[Body]) -> Answer:
    """The business may mend its record and submit it again."""
    return business.change(request, RejectSupplier(reason=request.body.reason))
