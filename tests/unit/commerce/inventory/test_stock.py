"""Stock: each way to move it keeps the balance, and what is counted, shared and chosen neither loses nor makes any."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.inventory.decide_allocation import Allocation, Seen, choose, merged, on_offer
from commerce.inventory.state import (
    CONSUME,
    MOVES,
    PART,
    RECALL,
    RELEASE,
    RESERVE,
    RETURN,
    Level,
    moved,
    spread,
    total,
)
from troupe.domain.buckets import levelled

UNITS = st.integers(0, 40)
LEVELS = st.builds(
    lambda available, reserved, safety: Level(
        on_hand=available + reserved + safety, available=available, reserved=reserved, safety=safety
    ),
    UNITS,
    UNITS,
    UNITS,
)
SOME = st.lists(LEVELS, min_size=1, max_size=8)


def level(on_hand, reserved=0, safety=0):
    return Level(on_hand=on_hand, available=on_hand - reserved - safety, reserved=reserved, safety=safety)


def play(start, *steps):
    """One move after another; each has to be possible."""
    for move, quantity in steps:
        start = moved(start, move, quantity)
        assert start is not None
        assert start.balanced
    return start


class TestMoves:
    @pytest.mark.parametrize("move", MOVES)
    def test_each_keeps_the_balance(self, move):
        assert move.on_hand == move.available + move.reserved

    @given(LEVELS, st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 50)), max_size=40))
    def test_any_sequence_keeps_i1(self, start, steps):
        now = start
        for move, quantity in steps:
            after = moved(now, move, quantity)
            assert (after is None) == any(getattr(now, name) < quantity for name in move.takes)
            now = after or now
            assert now.balanced
            assert min(now.on_hand, now.available, now.reserved) >= 0
            assert now.safety == start.safety

    def test_only_what_is_on_sale_is_reserved(self):
        assert moved(level(5), RESERVE, 1, sellable=False) is None
        assert moved(level(5, 1), RELEASE, 1, sellable=False) == level(5)

    @given(LEVELS, st.integers(1, 40))
    def test_releasing_undoes_reserving_and_recalling_undoes_consuming(self, start, quantity):
        reserved = moved(start, RESERVE, quantity)
        if reserved is not None:
            assert moved(reserved, RELEASE, quantity) == start
            shipped = moved(reserved, CONSUME, quantity)
            assert shipped is not None
            assert moved(shipped, RECALL, quantity) == reserved

    def test_what_is_oversold_is_made_good_first(self):
        oversold = Level(on_hand=3, available=-1, reserved=4)
        assert (oversold.oversold, oversold.balanced) == (1, True)
        assert moved(oversold, RESERVE, 1) is None
        healed = play(oversold, (RELEASE, 1))
        assert (healed.available, healed.oversold) == (0, 0)


class TestPeers:
    """Facts from the suites of other systems (research, 4.1)."""

    def test_medusa_reserving_more_than_there_is(self):
        assert moved(level(2), RESERVE, 2) == level(2, 2)
        assert moved(level(2), RESERVE, 3) is None
        assert moved(level(2, safety=-1), RESERVE, 3) == level(2, 3, safety=-1)

    def test_medusa_a_reservation_grows_as_far_as_there_is_stock_beside_its_own(self):
        held = play(level(10), (RESERVE, 3))
        assert play(held, (RESERVE, 4)).reserved == 7
        assert play(held, (RELEASE, 1)).reserved == 2
        assert play(held, (RESERVE, 7)).reserved == 10
        assert moved(held, RESERVE, 8) is None

    def test_medusa_sums_over_locations(self):
        one, two = level(4), level(4, 2)
        assert (total([one, two]).available, total([one, two]).on_hand) == (6, 8)
        assert total([one, two]).reserved == 2
        assert moved(two, RESERVE, 2)
        assert moved(two, RESERVE, 3) is None

    def test_saleor_releasing_and_shipping(self):
        full = level(100, 80)
        assert play(full, (RELEASE, 80)).reserved == 0
        assert play(full, (RELEASE, 50)).reserved == 30
        shipped = play(full, (CONSUME, 50))
        assert (shipped.on_hand, shipped.reserved) == (50, 30)
        assert moved(full, CONSUME, 200) is None
        assert moved(level(20, 20), CONSUME, 50) is None
        assert play(level(3, 3), (RELEASE, 1)).reserved == 2

    def test_vendure_over_the_life_of_an_order(self):
        ordered = play(level(5), (RESERVE, 3))
        assert ordered.reserved == 3
        less = play(ordered, (RELEASE, 1))
        assert less.reserved == 2
        shipped = play(less, (CONSUME, 2))
        assert (shipped.on_hand, shipped.reserved) == (3, 0)
        assert play(shipped, (RETURN, 2)).on_hand == 5

    def test_vendure_what_is_kept_back_and_what_is_sold_before_it_is_there(self):
        assert spread([level(3)], 3, 2)[0].available == 1
        assert spread([level(3)], 3, -5)[0].available == 8

    def test_s_18_a_shipment_that_is_called_off_can_be_shipped_again(self):
        ordered = play(level(5), (RESERVE, 3))
        assert play(ordered, (CONSUME, 3), (RECALL, 3)) == ordered
        assert play(ordered, (CONSUME, 3), (RECALL, 3), (CONSUME, 3)) == level(2)

    def test_s_19_part_is_shipped_and_the_rest_when_it_is_there(self):
        ordered = play(level(3, safety=-2), (RESERVE, 5))
        assert (ordered.on_hand, ordered.reserved, ordered.available) == (3, 5, 0)
        part = play(ordered, (CONSUME, 3))
        assert (part.on_hand, part.reserved) == (0, 2)
        assert moved(part, CONSUME, 2) is None
        (restocked,) = spread([part], 2, 0)
        assert restocked == level(2, 2)
        assert play(restocked, (CONSUME, 2)) == level(0)


class TestCounting:
    @given(SOME, UNITS, UNITS)
    def test_there_is_as_much_as_was_counted_and_reserved_stays(self, levels, more, safety):
        reserved = total(levels).reserved
        after = spread(levels, reserved + more, safety)
        assert all(each.balanced and min(each.on_hand, each.available, each.safety) >= 0 for each in after)
        assert [each.reserved for each in after] == [each.reserved for each in levels]
        assert total(after).on_hand == reserved + more
        assert total(after).safety == min(safety, more)
        available = [each.available for each in after]
        assert max(available) - min(available) <= 1

    @given(SOME, UNITS, st.data())
    def test_a_count_below_what_is_reserved_tells_how_much_is_oversold(self, levels, safety, data):
        reserved = total(levels).reserved
        counted = data.draw(st.integers(0, max(0, reserved - 1)))
        after = spread(levels, counted, safety)
        assert all(each.balanced and each.on_hand >= 0 for each in after)
        assert total(after).on_hand == counted
        assert total(after).oversold == max(0, reserved - counted)

    @given(SOME)
    def test_sharing_makes_buckets_even_and_loses_nothing(self, levels):
        after = [*levels]
        for giver, taker, quantity in levelled([each.available for each in levels]):
            given_away = moved(after[giver], PART, quantity)
            assert given_away is not None
            after[giver], after[taker] = given_away, moved(after[taker], RETURN, quantity)
        available = [each.available for each in after]
        assert max(available) - min(available) <= 1
        assert total(after) == total(levels)
        assert levelled(available) == ()


def seen(variant="v", location="A", available=0, bucket=0, sellable=True):
    return Seen(
        variant_id=variant, location_id=location, bucket=bucket, available=available, sellable=sellable
    )


def first(_count):
    return 0


def taken(choice):
    return [(each.location_id, each.quantity) for each in choice.allocations]


class TestChoosing:
    def test_s_2_the_same_variant_on_two_lines_wants_their_sum(self):
        wants = merged([("v", 1), ("v", 1)])
        assert wants == {"v": 2}
        assert choose(wants, [seen(available=1)], first).short == {"v": 1}

    def test_s_3_a_request_over_stock_takes_nothing(self):
        choice = choose(merged([("v", 2)] * 3), [seen(available=2)], first)
        assert (choice.allocations, choice.short) == ((), {"v": 2})

    def test_s_5_a_location_whose_stock_is_ordered_is_not_chosen(self):
        there = [seen(location="A", available=0), seen(location="B", available=3)]
        assert taken(choose({"v": 2}, there, first)) == [("B", 2)]

    def test_s_6_one_and_one_in_two_locations_serve_two(self):
        there = [seen(location="A", available=1), seen(location="B", available=1)]
        assert sorted(taken(choose({"v": 2}, there, first))) == [("A", 1), ("B", 1)]

    def test_saleor_the_most_stock_first_or_the_order_preferred(self):
        there = [seen(location="A", available=4), seen(location="B", available=3)]
        assert taken(choose({"v": 5}, there, first)) == [("A", 4), ("B", 1)]
        assert taken(choose({"v": 5}, there, first, ["B", "A"])) == [("B", 3), ("A", 2)]
        one_reserved = [seen(location="A", available=2), there[1]]
        assert taken(choose({"v": 4}, one_reserved, first, ["A"])) == [("A", 2), ("B", 2)]
        assert taken(choose({"v": 2}, there, first, ["B"])) == [("B", 2)], "preferred, though it has less"
        assert choose({"v": 10}, there, first).short == {"v": 7}

    def test_saleor_all_that_is_short_is_named(self):
        there = [seen("v", available=1), seen("w", available=0), seen("x", available=9)]
        assert choose({"v": 2, "w": 1, "x": 1, "y": 1}, there, first).short == {"v": 1, "w": 0, "y": 0}

    def test_vendure_the_rest_alone_is_carried_on(self):
        there = [seen(location="A", available=10), seen(location="B", available=15)]
        assert taken(choose({"v": 20}, there, first)) == [("B", 15), ("A", 5)]

    def test_one_location_for_everything_if_any_has_it_all(self):
        there = [
            *(seen("v", "A", 9), seen("w", "A", 0)),
            *(seen("v", "B", 2), seen("w", "B", 2)),
            *(seen("v", "C", 3), seen("w", "C", 3)),
        ]
        assert {place for place, _ in taken(choose({"v": 2, "w": 2}, there, first))} == {"C"}
        assert {place for place, _ in taken(choose({"v": 2, "w": 2}, there, first, ["B"]))} == {"B"}

    def test_chance_chooses_among_the_buckets_that_have_enough(self):
        there = [seen(available=n, bucket=bucket) for bucket, n in enumerate((1, 5, 0, 5, 7))]
        drawn = [choose({"v": 5}, there, lambda count, n=n: min(n, count - 1)) for n in range(3)]
        assert [each.allocations[0].bucket for each in drawn] == [1, 3, 4]

    def test_it_spills_over_several_buckets_when_none_has_enough(self):
        there = [seen(available=n, bucket=bucket) for bucket, n in enumerate((1, 2, 0, 1))]
        choice = choose({"v": 4}, there, first)
        assert sum(each.quantity for each in choice.allocations) == 4
        assert choice.allocations[0] == Allocation(variant_id="v", location_id="A", bucket=1, quantity=2)
        exact = choose({"v": 3}, there, first).allocations
        assert [each.quantity for each in exact] == [2, 1]

    def test_what_is_not_on_sale_or_oversold_is_not_on_offer(self):
        there = [seen(available=5, sellable=False), seen(available=-2, bucket=1), seen(available=1, bucket=2)]
        assert on_offer(there) == {"v": 1}
        assert choose({"v": 1}, there, first).allocations[0].bucket == 2

    @given(
        st.lists(
            st.builds(
                seen,
                variant=st.sampled_from("vw"),
                location=st.sampled_from("ABC"),
                available=st.integers(-2, 9),
                bucket=st.integers(0, 3),
                sellable=st.booleans(),
            ),
            max_size=24,
            unique_by=lambda each: (each.variant_id, each.location_id, each.bucket),
        ),
        st.dictionaries(st.sampled_from("vw"), st.integers(1, 20), min_size=1),
        st.integers(),
    )
    def test_choices_never_exceed_the_stock(self, there, wants, seed):
        choice = choose(wants, there, Random(seed).randrange)
        left = on_offer(there)
        if choice.short:
            assert choice.allocations == ()
            assert choice.short == {
                name: left.get(name, 0) for name, number in wants.items() if left.get(name, 0) < number
            }
            return
        assert merged((each.variant_id, each.quantity) for each in choice.allocations) == wants
        having = {(each.variant_id, each.location_id, each.bucket): each.on_offer for each in there}
        spots = [(each.variant_id, each.location_id, each.bucket) for each in choice.allocations]
        assert len(set(spots)) == len(spots)
        for spot, each in zip(spots, choice.allocations, strict=True):
            assert 0 < each.quantity <= having[spot]


def test_a_level_adds_up():
    assert level(3, 1) + level(4, 2, 1) == Level(on_hand=7, available=3, reserved=3, safety=1)
    assert replace(level(3), available=-2).oversold == 2
