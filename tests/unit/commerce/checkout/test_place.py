"""Placing an order, decided on what was read: no table, no Stripe, and chance that is given."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from commerce.checkout.decide import CHUNK, MOST_SUPPLIERS, Purchase, place
from commerce.checkout.decide_quote import Cart, RequestedLine, Shop, checked_quote
from commerce.inventory.decide_allocation import Seen
from commerce.order.values import Address, Customer
from commerce.product.decider import Product
from commerce.product.events import Details, Shipping, Variant, Zone
from commerce.supplier_order.decider import id_of
from commerce.values import Offer, ShopSettings
from support.spec import NOON
from troupe.domain.decider import Rejected

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ADDRESS = Address(name="Emily", line1="Torstr. 1", city="Berlin", postal_code="10119", country="DE")
ROOM = 90
PROMOTION = "p1"


def product(supplier: str, cents: int | None = 1000, currency: str = "EUR") -> Product:
    zone = Zone(countries=("DE",), cost_cents=500, days_min=1, days_max=3)
    shipping = Shipping(from_country="DE", zones=(zone,))
    details = Details(name=f"Bread of {supplier}", category="Bread", currency=currency, shipping=shipping)
    return Product(
        supplier_id=supplier,
        status="published",
        details=details,
        variants=(Variant(id=f"v-{supplier}", sku="RYE", price_cents=cents),),
        created_at=NOW,
        updated_at=NOW,
    )


def offer(**more: object) -> Offer:
    given = {"state": "active", "discounts": {"v-a": 200}, "currency": "EUR", "everywhere": True, **more}
    return Offer(
        promotion_id=PROMOTION, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1), **given
    )


def purchase(
    *suppliers: str, quantity: int = 2, available: int = 10, buckets: int = 1, **more: object
) -> Purchase:
    """One line of each supplier, all in stock at one place."""
    requested_lines = tuple(
        RequestedLine(product_id=each, variant_id=f"v-{each}", quantity=quantity) for each in suppliers
    )
    terms = ShopSettings(tax_rates={"DE": 1900}, commission_basis_points=800)
    products = {each: product(each) for each in suppliers}
    stock = {
        f"v-{each}": tuple(
            Seen(variant_id=f"v-{each}", location_id="l", bucket=bucket, available=available)
            for bucket in range(buckets)
        )
        for each in suppliers
    }
    given = Purchase(
        order_id="o",
        customer=Customer(id="c", display_name="Emily"),
        cart=Cart(requested_lines=requested_lines, address=ADDRESS),
        shop=Shop(products=products, offers={}, terms=terms, now=NOW),
        stock=stock,
        draw=lambda _most: 0,
        spare=ROOM,
    )
    return replace(given, **more)


def promoted(given: Purchase, found: Offer | None) -> Purchase:
    """The same by way of a promotion, which is there or not."""
    requested_lines = tuple(
        replace(requested, promotion_id=PROMOTION) for requested in given.cart.requested_lines
    )
    offers = {PROMOTION: found} if found else {}
    return replace(
        given,
        cart=replace(given.cart, requested_lines=requested_lines),
        shop=replace(given.shop, offers=offers),
    )


def refused(given: Purchase) -> Rejected:
    with pytest.raises(Rejected) as found:
        place(given, NOON)
    return found.value


def test_each_supplier_gets_an_order_of_its_lines():
    placed = place(purchase("a", "b"), NOON)
    assert placed.order.supplier_orders == tuple(placed.parts) == (id_of("o", "a"), id_of("o", "b"))
    assert [line.supplier_id for line in placed.order.lines] == ["a", "b"]
    part = placed.parts[id_of("o", "a")]
    assert (part.supplier_id, part.customer_id, part.shipping_cents) == ("a", "c", 500)
    assert part.commission_basis_points == 800
    assert [(line.quantity, line.subtotal_cents, line.tax_cents) for line in part.lines] == [(2, 2000, 380)]
    assert [(held.location_id, held.quantity, held.chunk) for held in part.lines[0].allocations] == [
        ("l", 2, 0)
    ]


def test_the_order_costs_its_goods_tax_and_a_parcel_of_each_supplier():
    totals = place(purchase("a", "b"), NOON).order.totals
    assert (totals.subtotal_cents, totals.tax_cents, totals.shipping_cents) == (4000, 760, 1000)
    assert totals.total_cents == 5760


def test_what_fits_one_transaction_has_no_chunks():
    assert place(purchase("a"), NOON).order.chunks is None


def test_what_does_not_fit_is_reserved_in_chunks():
    given = purchase("a", quantity=CHUNK + 1, available=1, buckets=CHUNK + 1, spare=10)
    placed = place(given, NOON)
    assert placed.order.chunks == 2
    (part,) = placed.parts.values()
    chunks = [held.chunk for held in part.lines[0].allocations]
    assert chunks == [0] * CHUNK + [1]


def test_a_promotion_that_holds_is_counted():
    placed = place(promoted(purchase("a"), offer()), NOON)
    assert placed.order.budgets == (PROMOTION,)
    assert placed.order.totals.discount_cents == 400


@pytest.mark.parametrize("found", [None, offer(state="paused"), offer(currency="USD"), offer(discounts={})])
def test_a_promotion_that_does_not_hold_takes_nothing_off(found):
    placed = place(promoted(purchase("a"), found), NOON)
    assert (placed.order.budgets, placed.order.totals.discount_cents) == ((), 0)


def test_lines_that_are_short_are_named():
    error = refused(purchase("a", "b", quantity=11))
    assert error.code == "out_of_stock"
    assert [(each["field"], each["available"]) for each in error.errors] == [("lines.1", 10), ("lines.2", 10)]


def test_one_line_that_is_short_is_named_alone():
    given = purchase("a", "b")
    stock = {**given.stock, "v-b": ()}
    assert [each["variant_id"] for each in refused(replace(given, stock=stock)).errors] == ["v-b"]


def test_an_order_has_few_suppliers():
    names = [f"s{number}" for number in range(MOST_SUPPLIERS + 1)]
    assert refused(purchase(*names)).code == "too_many_suppliers"


def test_another_price_than_agreed_is_refused():
    given = purchase("a")
    hashed = checked_quote(given.cart, given.shop).quote_hash
    assert place(replace(given, cart=replace(given.cart, quote_hash=hashed)), NOON).order.totals.total_cents
    changed = replace(given, cart=replace(given.cart, quote_hash="0" * 64))
    assert refused(changed).code == "price_changed"
    assert refused(promoted(changed, None)).code == "promotion_unavailable"


@pytest.mark.parametrize(
    ("products", "code"),
    [
        ({}, "product_unavailable"),
        ({"a": replace(product("a"), status="unpublished")}, "product_unavailable"),
        ({"a": product("a"), "b": product("b", currency="USD")}, "mixed_currencies"),
        (
            {"a": replace(product("a"), details=replace(product("a").details, shipping=None))},
            "not_shipped_there",
        ),
    ],
)
def test_what_cannot_be_sold(products, code):
    given = purchase("a", *(["b"] if "b" in products else []))
    assert refused(replace(given, shop=replace(given.shop, products=products))).code == code


def test_a_variant_without_a_price_costs_nothing():
    given = purchase("a")
    free = replace(given.shop, products={"a": product("a", cents=None)})
    assert place(replace(given, shop=free), NOON).order.totals.subtotal_cents == 0


def test_a_country_that_no_zone_names_is_refused():
    given = purchase("a")
    elsewhere = replace(given.cart, address=replace(ADDRESS, country="FR"))
    assert refused(replace(given, cart=elsewhere)).code == "not_shipped_there"
