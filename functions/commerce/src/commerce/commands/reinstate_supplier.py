"""POST /v1/commerce/suppliers/{supplier_id}/reinstate"""

from commerce import business
from commerce.supplier_commands import ReinstateSupplier
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="supplier:reinstate", refusals=("invalid_transition",)))
def handler(request: Request[NoBody]) -> Answer:
    return business.change(request, ReinstateSupplier())
