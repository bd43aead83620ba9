"""A rating of a supplier: after a delivery, by who bought, and the later word counts."""

from dataclasses import replace

import pytest

from commerce.supplier.rating_access import delivered, supplier_order
from commerce.supplier.rating_decider import (
    SUPPLIER_RATING,
    RateSupplier,
    SupplierRated,
    collection,
    rating_id,
)
from commerce.supplier.rating_projection import count
from commerce.supplier.responses import Money, metrics
from support.spec import ANN, NOON, TENANT, Given, assert_folds_as_stored
from support.stream_events import envelope

SUPPLIER, ORDER = "0192f0c1-0000-7000-8000-0000000000e1", "0192f0c1-0000-7000-8000-0000000000d1"
rating = Given(SUPPLIER_RATING)
RATE = RateSupplier(supplier_id=SUPPLIER, order_id=ORDER, stars=4, delivered=True, comment="Good")
rated = SupplierRated(
    supplier_id=SUPPLIER,
    order_id=ORDER,
    customer_id=ANN,
    stars=4,
    former=None,
    comment="Good",
    rated_at=NOON.now,
)


def test_a_customer_rates_what_was_delivered():
    rating().when(RATE).then(rated)
    rating().when(replace(RATE, delivered=False)).then_rejected("nothing_delivered")


def test_the_later_word_counts_and_the_same_word_is_none():
    rating(rated).when(RATE).then_nothing()
    rating(rated).when(replace(RATE, stars=1)).then(replace(rated, stars=1, former=4))


def test_another_customer_s_rating_is_not_replaced():
    other = replace(rated, customer_id="somebody")
    rating(other).when(RATE).then_rejected("not_the_customer")


def test_it_is_listed_without_who_said_it():
    listing = SUPPLIER_RATING.listed(rating(rated).state, rating_id(ORDER, SUPPLIER))
    assert listing.collection == (collection(SUPPLIER), f"{ORDER}.{SUPPLIER}")
    assert listing.summary == {"stars": 4, "comment": "Good", "rated_at": "2026-01-31T12:00:00.000000Z"}


def test_it_folds_as_it_is_stored():
    assert_folds_as_stored(SUPPLIER_RATING, (rated, replace(rated, stars=1, former=4)))


def counted(event):
    return {each.field: each.by for each in count(event, NOON.now)}


def test_the_mean_moves_with_a_later_word():
    stream = rating_id(ORDER, SUPPLIER)
    data = {"supplier_id": SUPPLIER, "order_id": ORDER, "customer_id": ANN, "comment": None}
    first = envelope(
        "supplier", stream, 1, "rated", stars=5, former=None, rated_at="2026-01-31T12:00:00Z", **data
    )
    later = envelope(
        "supplier", stream, 2, "rated", stars=2, former=5, rated_at="2026-01-31T12:00:00Z", **data
    )
    assert counted(first) == {"ratings": 1, "stars": 5}
    assert counted(later) == {"stars": -3}
    assert counted(envelope("supplier", SUPPLIER, 1, "created")) == {}


def test_what_fell_due_is_revenue_of_its_currency():
    due = envelope(
        "supplier_order", f"{ORDER}.{SUPPLIER}", 7, "payout_due", currency="EUR", revenue_cents=1250
    )
    assert counted(due) == {"orders_fulfilled": 1, "revenue_EUR": 1250}
    (fulfilled, _) = count(due, NOON.now)
    assert fulfilled.place.parts == (SUPPLIER,)


def test_numbers_as_they_are_shown():
    row = {"ratings": 3, "stars": 13, "orders_fulfilled": 4, "revenue_EUR": 100, "revenue_CHF": 7}
    shown = metrics(row, 2, private=True)
    assert (shown.products, shown.ratings, shown.rating, shown.orders_fulfilled) == (2, 3, 4.3, 4)
    assert shown.revenue == (Money(amount_cents=7, currency="CHF"), Money(amount_cents=100, currency="EUR"))
    public = metrics({}, 0, private=False)
    assert (public.rating, public.revenue) == (None, None)


@pytest.mark.parametrize(
    ("units", "customer", "there"),
    [
        ((2,), ANN, True),
        ((0, 1), ANN, True),
        ((0, 0), ANN, False),
        ((), ANN, False),
        ((2,), "somebody", False),
    ],
)
def test_what_counts_as_delivered(units, customer, there):
    """By units, so that what came and went back counts, too."""
    lines = ", ".join(f'{{"delivered_quantity": {each}, "sku": "x"}}' for each in units)
    item = {"state": f'{{"customer_id": "{customer}", "lines": [{lines}], "supplier_id": "{SUPPLIER}"}}'}
    assert delivered(item, ANN) is there


def test_of_an_order_that_is_not_there_nothing_was_delivered():
    assert delivered(None, ANN) is False
    assert supplier_order(TENANT, ORDER, SUPPLIER).pk == f"{TENANT}#SUPPLIER_ORDER#{ORDER}.{SUPPLIER}"
