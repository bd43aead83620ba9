"""POST /v1/commerce/orders/quote"""

from dataclasses import asdict

from pydantic import BaseModel

from commerce.checkout import read
from commerce.checkout.decide_quote import checked_quote, merged
from commerce.checkout.requests import QuoteBody, cart
from commerce.order.responses import Totals
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot


class QuotedLine(BaseModel, frozen=True):
    """`available`: how many there are just now; nothing is held."""

    id: str
    supplier_id: str
    product_id: str
    variant_id: str
    name: str
    quantity: int
    available: int
    unit_price_cents: int
    unit_discount_cents: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int


class Quoted(BaseModel, frozen=True):
    """`missed_promotions` were asked for, and take nothing off."""

    quote_hash: str
    totals: Totals
    shipping_cents: dict[str, int]
    lines: list[QuotedLine]
    missed_promotions: list[str]


@endpoint(
    Operation(
        permission="order:place",
        body=QuoteBody,
        reply=Quoted,
        reads_only=True,
        secret=True,  # it writes nothing
        refusals=("mixed_currencies", "not_shipped_there", "product_unavailable", "supplier_not_verified"),
        example={
            "lines": [
                {
                    "product_id": "0192f0c1-7a00-7000-8000-0000000000b1",
                    "variant_id": "0192f0c1-7a00-7000-8000-0000000000d1",
                    "quantity": 2,
                }
            ],
            "address": {
                "name": "Emily Johnson",
                "line1": "Hauptstr. 1",
                "city": "Berlin",
                "postal_code": "10115",
                "country": "DE",
            },
        },
    )
)
def handler(request: Request[QuoteBody]) -> Answer:
    asked = cart(request.body)
    requested_lines = merged(asked.requested_lines)
    wanted = read.keys_to_read(request.tenant_id, requested_lines)
    at = read.with_stock(Snapshot(scope=request.scope, items=reads.batch(wanted)), requested_lines, wanted)
    quote = checked_quote(asked, read.shop(at, requested_lines, request.now))
    if read.unverified(request.tenant_id, (line.supplier_id for line in quote.lines)):
        raise read.NOT_SELLING
    lines = [
        QuotedLine(
            **{name: getattr(line, name) for name in QuotedLine.model_fields if hasattr(line, name)},
            product_id=line.snapshot.product_id,
            name=line.snapshot.name,
            available=sum(each.on_offer for each in read.seen(at, requested)),
        )
        for line, requested in zip(quote.lines, requested_lines, strict=True)
    ]
    answer = Quoted(
        quote_hash=quote.quote_hash,
        totals=Totals(**asdict(quote.totals)),
        shipping_cents=dict(quote.shipping),
        lines=lines,
        missed_promotions=list(quote.missed),
    )
    return Answer(status=200, body=answer.model_dump(mode="json"))
