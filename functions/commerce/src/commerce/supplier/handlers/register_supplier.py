"""POST /v1/commerce/tenants/{slug}/suppliers"""

from pydantic import BaseModel

from commerce.supplier.events import Company
from commerce.supplier.sign_up import Registration, register
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    email: fields.Email
    legal_name: fields.Name
    country: fields.Country
    trade_name: fields.Name | None = None


class Registered(BaseModel, frozen=True):
    """The same for a new address and for one that is taken: only the mail tells."""

    id: str
    status: str


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        reply=Registered,
        status=201,
        refusals=("sign_up_closed",),
        example={
            "email": "orders@bakery.example",
            "legal_name": "Bakery GmbH",
            "country": "DE",
            "trade_name": "Emily's Bakery",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    body = request.body
    company = Company(legal_name=body.legal_name, country=body.country, trade_name=body.trade_name)
    supplier_id = register(request, Registration(email=body.email, company=company))
    return Answer(
        status=201,
        body={"id": supplier_id, "status": "registered"},
        headers={"location": f"/v1/commerce/suppliers/{supplier_id}"},
    )
