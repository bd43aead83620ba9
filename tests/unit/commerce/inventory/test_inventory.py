"""Decisions on a product's stock: counted, adjusted, split; and its invariants."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.inventory.decider import (
    INVENTORY,
    MOST_ITEMS,
    AdjustInventory,
    Place,
    ProductInventoryUpdated,
    ProductStockSplit,
    SetInventory,
    SplitStock,
)
from commerce.inventory.state import Level, spread, total
from support.spec import NOON, Given, assert_folds_as_stored
from troupe.domain.decider import Rejected

inventory = Given(INVENTORY)
EMPTY = (Level(),)
TEN = (Level(on_hand=10, available=6, reserved=4),)
SPOT = {"variant_id": "v", "location_id": "l"}
COUNTED = ProductInventoryUpdated(
    **SPOT,
    change="set",
    was_on_hand=0,
    on_hand=10,
    safety=0,
    oversold=0,
    reason=None,
    updated_at=NOON.now,
)


def count(on_hand, expected=10, levels=TEN, **more):
    return SetInventory(**SPOT, on_hand=on_hand, expected=expected, levels=levels, **more)


def adjust(by, levels=TEN):
    return AdjustInventory(**SPOT, by=by, reason="broken", levels=levels)


def split(buckets):
    return SplitStock(**SPOT, buckets=buckets)


class TestCounting:
    def test_the_first_count_makes_the_place(self):
        given_ = inventory()
        given_.when(count(10, 0, EMPTY)).then(COUNTED)
        assert inventory(COUNTED).state.places == (Place(**SPOT),)

    def test_even_of_nothing(self):
        inventory().when(count(0, 0, EMPTY)).then(replace(COUNTED, on_hand=0))

    def test_only_if_there_is_as_much_as_expected(self):
        inventory(COUNTED).when(count(8, expected=9)).then_rejected("inventory_changed")

    def test_what_stands_already(self):
        inventory(COUNTED).when(count(10)).then_nothing()
        inventory(COUNTED).when(count(10, expected=7)).then_nothing()

    def test_s_59_not_below_what_is_ordered_unless_forced(self):
        inventory(COUNTED).when(count(3)).then_rejected("below_reserved")
        forced = replace(COUNTED, was_on_hand=10, on_hand=3, oversold=1)
        inventory(COUNTED).when(count(3, force=True)).then(forced)
        inventory(COUNTED).when(count(4)).then(replace(COUNTED, was_on_hand=10, on_hand=4))

    def test_what_is_kept_back_stays_unless_it_is_said_anew(self):
        kept = replace(COUNTED, was_on_hand=10, safety=2)
        inventory(COUNTED).when(count(10, safety=2)).then(kept)
        after = inventory(COUNTED, kept)
        after.when(count(12)).then(replace(kept, on_hand=12))
        after.when(count(12, safety=0)).then(replace(kept, on_hand=12, safety=0))

    def test_what_is_sold_before_it_is_there_is_in_one_bucket(self):
        divided = inventory(COUNTED, ProductStockSplit(**SPOT, buckets=2, split_at=NOON.now))
        divided.when(count(9, safety=-1)).then_rejected("backorders_not_split")
        early = inventory(replace(COUNTED, safety=-1))
        early.when(split(2)).then_rejected("backorders_not_split")


class TestAdjusting:
    def test_more_and_fewer(self):
        for by in (3, -6):
            expected = replace(COUNTED, change="adjusted", was_on_hand=10, on_hand=10 + by, reason="broken")
            inventory(COUNTED).when(adjust(by)).then(expected)

    def test_by_nothing(self):
        inventory(COUNTED).when(adjust(0)).then_nothing()

    @pytest.mark.parametrize("by", [-7, -11])
    def test_never_what_is_ordered(self, by):
        inventory(COUNTED).when(adjust(by)).then_rejected("below_reserved")

    def test_what_comes_in_makes_good_what_is_oversold(self):
        oversold = (Level(on_hand=1, available=-3, reserved=4),)
        (event,) = inventory(COUNTED).when(adjust(2, oversold)).act()
        assert (event.on_hand, event.oversold) == (3, 1)

    def test_where_nothing_was_counted(self):
        inventory().when(adjust(1)).then_rejected("no_inventory")
        inventory().when(split(2)).then_rejected("no_inventory")


class TestSplitting:
    def test_buckets_only_grow(self):
        event = ProductStockSplit(**SPOT, buckets=8, split_at=NOON.now)
        inventory(COUNTED).when(split(8)).then(event)
        inventory(COUNTED, event).when(split(8)).then_nothing()
        for buckets in (4, 33):
            inventory(COUNTED, event).when(split(buckets)).then_rejected("buckets_only_grow")

    def test_a_product_has_so_many_stock_items_at_most(self):
        full = tuple(replace(COUNTED, location_id=f"l{n}") for n in range(MOST_ITEMS))
        inventory(*full).when(count(1, 0, EMPTY)).then_rejected("too_many_stock_items")
        nearly = (*full[: MOST_ITEMS - 2], COUNTED)
        inventory(*nearly).when(split(3)).then_rejected("too_many_stock_items")
        inventory(*nearly).when(split(2)).then(ProductStockSplit(**SPOT, buckets=2, split_at=NOON.now))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 30), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("adjust"), st.integers(-20, 20)),
        st.tuples(st.just("split"), st.integers(1, 6)),
        st.tuples(st.just("reserve"), st.integers(0, 5), st.integers(1, 5)),
    ),
    max_size=15,
)


@given(STEPS)
def test_units_are_conserved_after_any_commands(steps):
    """Counts, adjustments and splits between reservations: what is on hand is what they say, reserved is kept."""
    history, state, levels, reserved = (), None, [Level()], 0
    for step in steps:
        before = total(levels)
        match step:
            case ("reserve", bucket, quantity):
                at = bucket % len(levels)
                if levels[at].available >= quantity:
                    was = levels[at]
                    levels[at] = replace(
                        was, available=was.available - quantity, reserved=was.reserved + quantity
                    )
                    reserved += quantity
                continue
            case ("set", on_hand, safety, force):
                command = count(on_hand, before.on_hand, tuple(levels), safety=safety, force=force)
            case ("adjust", by):
                command = adjust(by, tuple(levels))
            case ("split", buckets):
                command = split(buckets)
        try:
            events = INVENTORY.answer(command, state, NOON)
        except Rejected:
            continue
        history, state = (*history, *events), INVENTORY.fold(events, state)
        for event in events:
            if isinstance(event, ProductStockSplit):
                levels += [Level()] * (event.buckets - len(levels))
                assert total(levels) == before
            else:
                levels = list(spread(levels, event.on_hand, event.safety))
                assert total(levels).on_hand == event.on_hand
                assert total(levels).oversold == event.oversold
        assert total(levels).reserved == reserved
        assert all(each.balanced and each.on_hand >= 0 for each in levels)
    assert_folds_as_stored(INVENTORY, history)
