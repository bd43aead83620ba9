"""Buckets: what is taken comes from where it is, and what is shared loses nothing."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from troupe.domain.buckets import levelled, spread, taken

AVAILABLE = st.lists(st.integers(-5, 40), min_size=1, max_size=8)


def first(_count):
    return 0


class TestTaken:
    def test_one_bucket_that_has_enough_gives_it_all(self):
        assert taken([1, 5, 5], 3, first) == ((1, 3),)
        assert taken([1, 5, 5], 3, lambda count: count - 1) == ((2, 3),)

    def test_where_none_has_enough_several_do_the_fullest_first(self):
        assert taken([1, 3, 0, 2], 5, first) == ((1, 3), (3, 2))

    def test_less_than_that_is_there(self):
        assert taken([1, 1], 3, first) == ()

    def test_a_debt_counts_against_what_the_others_have(self):
        assert taken([-2, 3], 2, first) == ()
        assert taken([-2, 3], 1, first) == ((1, 1),)

    @given(AVAILABLE, st.integers(1, 60), st.integers())
    def test_all_of_it_or_nothing_and_no_bucket_gives_more_than_it_has(self, available, amount, seed):
        parts = taken(available, amount, Random(seed).randrange)
        assert sum(part for _, part in parts) == (amount if sum(available) >= amount else 0)
        assert all(0 < part <= available[bucket] for bucket, part in parts)


class TestSpread:
    @given(st.integers(0, 10**15), st.integers(1, 32))
    def test_even(self, total, count):
        parts = spread(total, count)
        assert (sum(parts), len(parts)) == (total, count)
        assert max(parts) - min(parts) <= 1

    def test_a_debt_stays_in_one_piece(self):
        assert spread(-3, 4) == (-3, 0, 0, 0)


class TestLevelled:
    @given(AVAILABLE)
    def test_amounts_are_conserved_and_no_bucket_becomes_negative(self, available):
        after = [*available]
        for giver, taker, amount in levelled(available):
            assert 0 < amount <= after[giver]
            after[giver] -= amount
            after[taker] += amount
        assert sum(after) == sum(available)

    @given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
    def test_what_is_no_debt_is_even_afterwards(self, available):
        after = [*available]
        for giver, taker, amount in levelled(available):
            after[giver] -= amount
            after[taker] += amount
        assert max(after) - min(after) <= 1
        assert levelled(after) == ()

    def test_a_debt_is_paid_and_not_given_away(self):
        assert levelled([-5, 3]) == ((1, 0, 3),)
        assert levelled([-5, -5]) == ()
