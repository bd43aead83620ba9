"""What an order would be: its lines with their snapshots, what they cost, and the hash of all that. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from commerce.order.values import Address, Attribution, Line, Snapshot
from commerce.pricing import Item, Totals, price
from commerce.product.decider import Product
from commerce.product.events import Variant
from commerce.values import Offer, ShopSettings
from troupe.domain.decider import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedLine:
    """A line as it is asked for. `promotion_id`: by which offer."""

    product_id: str
    variant_id: str
    quantity: int
    promotion_id: str | None = None
    community_id: str | None = None
    utm: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """The lines that a customer wants, and the address; `quote_hash`: the quote that was agreed to."""

    requested_lines: tuple[RequestedLine, ...]
    address: Address
    quote_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What was read for a quote: products and offers by their ids."""

    products: Mapping[str, Product]
    offers: Mapping[str, Offer]
    terms: ShopSettings
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    lines: tuple[Line, ...]
    totals: Totals
    shipping: Mapping[str, int]
    quote_hash: str
    missed: tuple[str, ...]  # promotions that were asked for, and take nothing off

    @property
    def promotions(self) -> tuple[str, ...]:
        """Those that take something off, and so count it."""
        return tuple(dict.fromkeys(_promotion(each) for each in self.lines if each.unit_discount_cents))


def _promotion(line: Line) -> str:
    return line.attribution.promotion_id or ""


def merged(requested_lines: Sequence[RequestedLine]) -> tuple[RequestedLine, ...]:
    """Equal variants as one line, found as the first one says: two lines of one unit want two."""
    found: dict[str, RequestedLine] = {}
    for requested in requested_lines:
        was = found.get(requested.variant_id)
        found[requested.variant_id] = (
            replace(was, quantity=was.quantity + requested.quantity) if was else requested
        )
    return tuple(found.values())


def checked_quote(cart: Cart, shop: Shop) -> Quote:
    """The quote for a basket; `price_changed` if it is not what was agreed to."""
    found = quote(merged(cart.requested_lines), cart.address.country, shop)
    if cart.quote_hash not in {None, found.quote_hash}:
        raise _changed(found)
    return found


def _changed(found: Quote) -> Rejected:
    if found.missed:
        return Rejected("promotion_unavailable", "A promotion is over or used up: ask for another quote.")
    total = found.totals
    now = f"It costs {total.total_cents} cents {total.currency} now: ask for another quote."
    return Rejected("price_changed", now)


def quote(requested_lines: Sequence[RequestedLine], country: str, shop: Shop) -> Quote:
    """The quote for what is shipped to a country, or a refusal that names the lines."""
    wanted = merged(requested_lines)
    sold = [_product_of(requested, number, shop) for number, requested in enumerate(wanted)]
    currencies = {product.details.currency for product, _ in sold}
    if len(currencies) != 1:
        raise Rejected("mixed_currencies", "An order has one currency.")
    taken_off = [
        _discount(requested, product, shop) for requested, (product, _) in zip(wanted, sold, strict=True)
    ]
    items = [
        Item(
            quantity=requested.quantity,
            unit_price_cents=variant.price_cents or 0,
            unit_discount_cents=min(off or 0, variant.price_cents or 0),
        )
        for requested, (_, variant), off in zip(wanted, sold, taken_off, strict=True)
    ]
    shipping = _shipping([product for product, _ in sold], country)
    priced = price(items, shop.terms.tax_rate(country), shipping, currencies.pop())
    found = [_found_by(requested, off) for requested, off in zip(wanted, taken_off, strict=True)]
    lines = tuple(
        _line(str(number), requested, product, variant, (item, tax, shop.now))
        for number, (requested, (product, variant), item, tax) in enumerate(
            zip(found, sold, items, priced.taxes_cents, strict=True), start=1
        )
    )
    missed = {requested.promotion_id for requested, off in zip(wanted, taken_off, strict=True) if not off}
    return Quote(
        lines=lines,
        totals=priced.totals,
        shipping=shipping,
        quote_hash=_hash(lines, country, shipping, priced.totals),
        missed=tuple(sorted(each for each in missed if each)),
    )


def _product_of(requested: RequestedLine, number: int, shop: Shop) -> tuple[Product, Variant]:
    product = shop.products.get(requested.product_id)
    if product is None or not product.sells(requested.variant_id):
        raise Rejected("product_unavailable", f"Line {number + 1} is not for sale.")
    return product, next(each for each in product.variants if each.id == requested.variant_id)


def _discount(requested: RequestedLine, product: Product, shop: Shop) -> int | None:
    offer = shop.offers.get(requested.promotion_id) if requested.promotion_id else None
    if offer is None or offer.currency != product.details.currency:
        return None
    return offer.discount(requested.variant_id, requested.community_id, shop.now)


def _found_by(requested: RequestedLine, off: int | None) -> RequestedLine:
    """What a promotion is said to have sold counts for it only where its offer holds."""
    return replace(requested, promotion_id=None) if off is None else requested


def _shipping(products: Sequence[Product], country: str) -> dict[str, int]:
    """A parcel of each supplier's, which costs what the dearest of its products costs to send."""
    costs: dict[str, int] = {}
    for product in products:
        zone = product.details.shipping.zone(country) if product.details.shipping else None
        if zone is None:
            raise Rejected("not_shipped_there", f"{product.details.name} is not shipped to {country}.")
        costs[product.supplier_id] = max(costs.get(product.supplier_id, 0), zone.cost_cents)
    return costs


def _line(
    line_id: str,
    requested: RequestedLine,
    product: Product,
    variant: Variant,
    priced: tuple[Item, int, datetime],
) -> Line:
    (item, tax, now), details = priced, product.details
    snapshot = Snapshot(
        product_id=requested.product_id,
        variant_id=variant.id,
        sku=variant.sku,
        name=details.name,
        category=details.category,
        brand=details.brand,
        attributes=variant.attributes,
        image_url=details.media.primary_image_url,
        original_price_cents=variant.price_cents or 0,
        currency=details.currency,
        snapshot_at=now,
    )
    found_by = Attribution(
        promotion_id=requested.promotion_id,
        community_id=requested.community_id,
        utm=requested.utm,
    )
    return Line(
        id=line_id,
        supplier_id=product.supplier_id,
        variant_id=variant.id,
        quantity=requested.quantity,
        unit_price_cents=item.unit_price_cents,
        unit_discount_cents=item.unit_discount_cents,
        subtotal_cents=item.subtotal_cents,
        discount_cents=item.discount_cents,
        tax_cents=tax,
        snapshot=snapshot,
        attribution=found_by,
    )


def _hash(lines: Sequence[Line], country: str, shipping: Mapping[str, int], totals: Totals) -> str:
    """Of prices, offers, tax and shipping: of all that a customer agrees to, and of no stock."""
    checked_quote: list[Any] = [
        country,
        sorted(
            [each.variant_id, each.quantity, each.unit_price_cents, each.unit_discount_cents, each.tax_cents]
            for each in lines
        ),
        sorted(shipping.items()),
        [totals.currency, totals.total_cents],
    ]
    return hashlib.sha256(json.dumps(checked_quote, separators=(",", ":")).encode()).hexdigest()
