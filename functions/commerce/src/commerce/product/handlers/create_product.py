"""POST /v1/commerce/products"""

from typing import Annotated

from pydantic import Field

from commerce.product import transactions
from commerce.product.commands import CreateProduct
from commerce.product.events import Condition, Details
from commerce.product.requests import (
    MOST_AT_ONCE,
    Category,
    Description,
    MediaForm,
    ShippingForm,
    VariantForm,
)
from commerce.product.responses import ProductMade
from commerce.supplier import standing
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    """A draft. A supplier creates its own; an administrator names the supplier."""

    supplier_id: fields.Id | None = None
    name: fields.Name
    category: Category
    currency: fields.Currency
    description: Description | None = None
    brand: fields.Name | None = None
    condition: Condition = "new"
    media: MediaForm = Field(default_factory=MediaForm)
    shipping: ShippingForm | None = None
    variants: Annotated[tuple[VariantForm, ...], Field(max_length=MOST_AT_ONCE)] = ()

    def details(self) -> Details:
        return Details(
            name=self.name,
            category=self.category,
            currency=self.currency,
            description=self.description,
            brand=self.brand,
            condition=self.condition,
            media=self.media.value(),
            shipping=self.shipping.value() if self.shipping else None,
        )


REFUSALS = (
    *("supplier_required", "permission_required", "supplier_not_active", "sku_taken"),
    *("compare_at_too_low", "end_before_start", "country_twice"),
)


@endpoint(
    Operation(
        permission="product:create",
        body=Body,
        reply=ProductMade,
        status=201,
        refusals=REFUSALS,
        example={
            "name": "Red Running Shoes",
            "description": "Light, and good in the rain.",
            "category": "Shoes",
            "brand": "Acme",
            "condition": "new",
            "currency": "EUR",
            "media": {"primary_image_url": "https://images.example.com/shoes.jpg"},
            "shipping": {
                "from_country": "DE",
                "zones": [{"countries": ["DE", "AT"], "cost_cents": 499, "days_min": 2, "days_max": 4}],
            },
            "variants": [
                {
                    "sku": "SHOE-RED-42",
                    "price_cents": 7999,
                    "compare_at_cents": 9999,
                    "attributes": {"color": "red", "size": "42"},
                }
            ],
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    body, product = request.body, transactions.product_ref(new_id(), creates=True)
    supplier_id = standing.named(request.caller, body.supplier_id)
    drafts = tuple(each.draft() for each in body.variants)
    create = CreateProduct(supplier_id=supplier_id, details=body.details(), variants=drafts)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(product, create)
        made = transactions.product_of(changed.after)
        return Decision(
            changes=(changed,),
            actions=(standing.check_active(request.tenant_id, supplier_id), *transactions.moved(at, changed)),
            body={"variants": [{"id": each.id, "sku": each.sku} for each in made.variants]},
        )

    return request.transact((product,), decide, created("/v1/commerce/products/{id}"))
