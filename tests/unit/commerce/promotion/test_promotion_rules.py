"""What a promotion's products become when it is submitted, and batches of impressions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from commerce.product.decider import Product
from commerce.product.events import Details as ProductDetails
from commerce.product.events import Variant
from commerce.promotion.events import Featured, Reduction
from commerce.promotion.impressions_decider import (
    IMPRESSIONS,
    Impressions,
    PromotionImpressionsRecorded,
    RecordImpressions,
    summed_up,
)
from commerce.promotion.rules import frozen, owned
from support.commerce.promotion_histories import DETAILS, NOW
from support.spec import Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

PRODUCT = Product(
    supplier_id="s",
    status="published",
    details=ProductDetails(name="Shoes", category="Shoes", currency="EUR"),
    variants=(
        Variant(id="v1", sku="A", price_cents=1000),
        Variant(id="v2", sku="B", price_cents=333),
        Variant(id="v3", sku="C", price_cents=1, active=False),
    ),
    created_at=NOW,
    updated_at=NOW,
)


def promoting(**reduction):
    reduced = Reduction(**reduction) if reduction else None
    return replace(DETAILS, products=(Featured(product_id="p1", reduction=reduced),))


@pytest.mark.parametrize(
    "reduction, discounts",
    [
        ({"percent": 30}, [300, 100]),
        ({"percent": 100}, [1000, 333]),
        ({"percent": 50}, [500, 167]),  # half a cent is rounded up
        ({"amount_cents": 333}, [333, 333]),
        ({}, [0, 0]),
    ],
)
def test_what_is_taken_off_each_unit(reduction, discounts):
    (ware,) = frozen(promoting(**reduction), {"p1": PRODUCT})
    assert [(each.id, each.discount_cents) for each in ware.variants] == list(
        zip(["v1", "v2"], discounts, strict=True)
    )


@drawn(st.integers(0, 10**9), st.integers(1, 100))
def test_a_percentage_is_never_more_than_the_price(price, percent):
    off = Reduction(percent=percent).off(price)
    assert 0 <= off <= price
    assert abs(off * 100 - price * percent) <= 50


@drawn(st.integers(0, 10**9), st.integers(1, 10**9))
def test_nor_is_an_amount(price, amount):
    assert Reduction(amount_cents=amount).off(price) == min(price, amount)


@pytest.mark.parametrize(
    "product, reduction, code",
    [
        (replace(PRODUCT, status="unpublished"), {}, "product_not_published"),
        (PRODUCT, {"amount_cents": 334}, "reduction_too_high"),
    ],
)
def test_what_cannot_be_promoted(product, reduction, code):
    with pytest.raises(Rejected) as refused:
        frozen(promoting(**reduction), {"p1": product})
    assert refused.value.code == code


def test_one_currency():
    dollars = replace(PRODUCT, details=replace(PRODUCT.details, currency="USD"))
    both = replace(DETAILS, products=(Featured(product_id="p1"), Featured(product_id="p2")))
    with pytest.raises(Rejected) as refused:
        frozen(both, {"p1": PRODUCT, "p2": dollars})
    assert refused.value.code == "mixed_currencies"


def test_a_supplier_promotes_its_own():
    owned(promoting(), "s", {"p1": PRODUCT})
    for supplier_id, products in (("other", {"p1": PRODUCT}), ("s", {})):
        with pytest.raises(Rejected) as refused:
            owned(promoting(), supplier_id, products)
        assert refused.value.code == "no_product"


SHOWN = Impressions(promotion_id="p", community_id=None, minute=NOW, impressions=3, clicks=1)
RECORDED = PromotionImpressionsRecorded(shown=(SHOWN,), digest="d", recorded_at=NOW)
given = Given(IMPRESSIONS)


class TestBatches:
    def test_one_is_recorded_once(self):
        record = RecordImpressions(shown=(SHOWN,), digest="d")
        given.when(record).then(RECORDED)
        given(RECORDED).when(record).then_nothing()
        given(RECORDED).when(replace(record, digest="other")).then_rejected("batch_reused")
        assert_folds_as_stored(IMPRESSIONS, (RECORDED,))

    def test_nothing_comes_of_nothing(self):
        none = replace(SHOWN, impressions=0, clicks=0)
        given.when(RecordImpressions(shown=(none,), digest="d")).then_nothing()
        given.when(RecordImpressions(shown=(), digest="d")).then_nothing()

    @drawn(
        st.lists(
            st.builds(
                Impressions,
                promotion_id=st.sampled_from("pq"),
                community_id=st.sampled_from([None, "a", "b"]),
                minute=st.integers(0, 119).map(lambda seconds: NOW + timedelta(seconds=seconds)),
                impressions=st.integers(0, 1000),
                clicks=st.integers(0, 10),
            )
        )
    )
    def test_sums_lose_nothing(self, shown):
        """S-48: one sum for each promotion, community and minute, and all of them together are what came."""
        summed = summed_up(shown)
        places = [(each.promotion_id, each.community_id, each.minute) for each in summed]
        assert len(set(places)) == len(places)
        assert all(each.minute.second == 0 for each in summed)
        for place in {(each.promotion_id, each.community_id) for each in shown}:
            for count in ("impressions", "clicks"):
                totals = [
                    sum(
                        getattr(each, count)
                        for each in every
                        if (each.promotion_id, each.community_id) == place
                    )
                    for every in (shown, summed)
                ]
                assert totals[0] == totals[1]
