"""PATCH /v1/commerce/suppliers/{supplier_id}"""

from typing import Annotated, cast

from pydantic import Field

from commerce.supplier import encryption, standing, transactions
from commerce.supplier.commands import CompanyChanges, LimitChanges, MaskedNumbers, UpdateSupplier
from commerce.supplier.events import PostalAddress
from commerce.supplier.requests import Number, Phone
from commerce.supplier.requests import PostalAddress as AddressForm
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action

MOST = 1_000_000

Limit = Annotated[int, Field(ge=0, le=MOST)]


class Body(fields.Body):
    """What is sent changes. The numbers go together, and are sealed; the platform sets the limits."""

    legal_name: fields.Name = Field(default_factory=str)  # may be left out, not cleared
    country: fields.Country = Field(default_factory=str)  # may be left out, not cleared
    trade_name: fields.Name | None = None
    description: fields.Text | None = None
    website: fields.Url | None = None
    logo_url: fields.Url | None = None
    phone: Phone | None = None
    address: AddressForm | None = None
    tax_id: Number | None = Field(default=None, repr=False)
    registration_number: Number | None = Field(default=None, repr=False)
    product_limit: Limit = 0
    promotion_limit: Limit = 0


REFUSALS = (
    "country_fixed",
    "forbidden_limits",
    "record_fixed",
    "supplier_suspended",
    "tax_id_required",
)
_LIMITS = {"product_limit": "products", "promotion_limit": "promotions"}
_NUMBERS = {"tax_id", "registration_number"}


@endpoint(
    Operation(
        permission="supplier:update",
        body=Body,
        secret=True,
        refusals=REFUSALS,
        example={
            "description": "Bread, cakes and what goes with them.",
            "phone": "+49 30 1234567",
            "address": {"line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115", "country": "DE"},
            "tax_id": "DE123456789",
            "registration_number": "HRB 12345 B",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """What was verified only changes by who oversees suppliers."""
    supplier, command = transactions.own(request), _command(request)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(supplier, command)
        sealed = _sealed(request, supplier.id, transactions.supplier_of(changed.after).sealed)
        return Decision(
            changes=(changed,), actions=(*sealed, *transactions.published_actions(request.tenant_id, changed))
        )

    return request.transact((supplier,), decide)


def _command(request: Request[Body]) -> UpdateSupplier:
    body = request.body
    given = fields.given(body)
    company = {name: value for name, value in given.items() if name not in {*_LIMITS, *_NUMBERS}}
    if body.address:
        company["address"] = PostalAddress(**body.address.model_dump())
    limits = {_LIMITS[name]: value for name, value in given.items() if name in _LIMITS}
    return UpdateSupplier(
        changes=cast("CompanyChanges", company),
        limits=cast("LimitChanges", limits),
        numbers=_tails(body),
        overseen=standing.ADMINISTER in request.caller.permissions,
    )


def _tails(body: Body) -> MaskedNumbers | None:
    if body.tax_id is None:
        if body.registration_number is not None:
            raise Invalid("tax_id_required", "The numbers are given together.", "tax_id")
        return None
    number = body.registration_number
    return MaskedNumbers(
        tax_id=encryption.masked(body.tax_id), registration_number=number and encryption.masked(number)
    )


def _sealed(request: Request[Body], supplier_id: str, part: int) -> tuple[Action, ...]:
    if request.body.tax_id is None:
        return ()
    numbers = {name: getattr(request.body, name) for name in sorted(_NUMBERS)}
    key = encryption.part(request.tenant_id, supplier_id, "company", part)
    return (encryption.encrypted(key, "company", numbers, request.now),)
