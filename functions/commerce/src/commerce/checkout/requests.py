"""What a customer sends of an order: lines, an address, and what was agreed to."""

from typing import Annotated

from pydantic import Field

from commerce.checkout.decide_quote import Cart, RequestedLine
from commerce.order.line_requests import MOST_LINES, MOST_UNITS
from commerce.order.values import Address
from troupe.domain import limits
from troupe.edge import fields

Part = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=200)]
Tag = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=100)]
Postcode = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=20)]
Phone = Annotated[
    str,
    limits.Text(
        strip_whitespace=True, pattern=r"^\+?[0-9 ()./-]{3,30}$", means="a phone number, as +49 30 901820"
    ),
]


class Utm(fields.Body):
    source: Tag | None = None
    medium: Tag | None = None
    campaign: Tag | None = None
    term: Tag | None = None
    content: Tag | None = None


class LineBody(fields.Body):
    """`promotion_id`: by whose offer; `community_id`: where it was found."""

    product_id: fields.Id
    variant_id: fields.Id
    quantity: Annotated[int, Field(ge=1, le=MOST_UNITS)]
    promotion_id: fields.Id | None = None
    community_id: fields.Id | None = None
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
    """`quote_hash`: the hash of the accepted quote. Without it, the current price applies."""

    quote_hash: (
        Annotated[str, limits.Text(pattern=r"^[0-9a-f]{64}$", means="the hash as the quote gave it")] | None
    ) = None


def cart(body: QuoteBody) -> Cart:
    return Cart(
        requested_lines=tuple(_requested_line(each) for each in body.lines),
        address=Address(**body.address.model_dump()),
        quote_hash=body.quote_hash if isinstance(body, OrderBody) else None,
    )


def _requested_line(line: LineBody) -> RequestedLine:
    return RequestedLine(
        product_id=line.product_id,
        variant_id=line.variant_id,
        quantity=line.quantity,
        promotion_id=line.promotion_id,
        community_id=line.community_id,
        utm=line.utm.model_dump(exclude_none=True),
    )
