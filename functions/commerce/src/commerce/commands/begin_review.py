"""POST /v1/commerce/suppliers/{supplier_id}/begin-review"""

from commerce import business
from commerce.supplier_commands import BeginReview
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="supplier:review", refusals=("invalid_transition",)))
def handler(request: Request[NoBody]) -> Answer:
    return business.change(request, BeginReview())
