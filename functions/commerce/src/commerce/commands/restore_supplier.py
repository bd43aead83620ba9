"""POST /v1/commerce/suppliers/{supplier_id}/restore"""

from commerce import business
from commerce.supplier_commands import RestoreSupplier
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="supplier:restore"))
def handler(request: Request[NoBody]) -> Answer:
    return business.change(request, RestoreSupplier(), deleted=True)
