"""DELETE /v1/commerce/suppliers/{supplier_id}"""

from commerce import business
from commerce.supplier_commands import DeleteSupplier
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="supplier:delete"))
def handler(request: Request[NoBody]) -> Answer:
    return business.change(request, DeleteSupplier(), deleted=True)
