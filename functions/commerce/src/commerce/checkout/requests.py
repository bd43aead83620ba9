"""What a customer sends of an order: lines, an address, and what was agreed to."""

from typing import Annotated

from pydantic import Field, StringConstraints

from commerce.checkout.decide_quote import Basket, Wish
from commerce.fields import Id
from commerce.order.line_requests import MOST_LINES, MOST_UNITS
from commerce.order.values import Address
from troupe.edge import fields

Part = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Postcode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9 ()./-]{3,30}$")]


class Utm(fields.Body):
    source: Tag | None = None
    medium: Tag | None = None
    campaign: Tag | None = None
    term: Tag | None = None
    content: Tag | None = None


class LineBody(fields.Body):
    """`promotion_id`: by whose offer; `community_id`: where it was found."""

    product_id: Id
    variant_id: Id
    quantity: Annotated[int, Field(ge=1, le=MOST_UNITS)]
    promotion_id: Id | None = None
    community_id: Id | None = None
    utm: Utm = Utm()


class AddressBody(fields.Body):
    name: fields.Name
    line1: Part
    line2: Part | None = None
    city: Part
    region: Part | None = None
    postal_code: Postcode
    country: fields.Country
    phone: Phone | None = None


class QuoteBody(fields.Body):
    lines: Annotated[list[LineBody], Field(min_length=1, max_length=MOST_LINES)]
    address: AddressBody


class OrderBody(QuoteBody):
    """`quote_hash`: of the quote that was agreed to; without it whatever it costs now."""

    quote_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


def basket(body: QuoteBody) -> Basket:
    return Basket(
        wishes=tuple(_wish(each) for each in body.lines),
        address=Address(**body.address.model_dump()),
        quote_hash=body.quote_hash if isinstance(body, OrderBody) else None,
    )


def _wish(line: LineBody) -> Wish:
    return Wish(
        product_id=line.product_id,
        variant_id=line.variant_id,
        quantity=line.quantity,
        promotion_id=line.promotion_id,
        community_id=line.community_id,
        utm=line.utm.model_dump(exclude_none=True),
    )
