from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.domain import money
from troupe.domain.money import MINOR_UNITS, MixedCurrencies, Money, UnknownCurrency

AMOUNTS = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any)


class TestCurrency:
    @pytest.mark.parametrize(("code", "digits"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3)])
    def test_minor_units(self, code, digits):
        assert MINOR_UNITS[money.checked(code)] == digits

    @pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "XAU", "XTS", "BTC", "DEM"])
    def test_what_is_none(self, code):
        with pytest.raises(UnknownCurrency):
            Money(1, code)

    def test_the_table_is_whole(self):
        assert len(MINOR_UNITS) == 16 + 133 + 7
        assert all(len(code) == 3 and code.isascii() and code.isupper() for code in MINOR_UNITS)


class TestSums:
    def test_of_one_currency(self):
        assert Money(100, "EUR") + Money(-30, "EUR") == Money(70, "EUR")
        assert Money(100, "EUR") - Money(130, "EUR") == -Money(30, "EUR")

    def test_comparison(self):
        assert Money(1, "EUR") < Money(2, "EUR") <= Money(2, "EUR")
        assert not Money(2, "EUR") < Money(2, "EUR")
        assert max(Money(1, "EUR"), Money(3, "EUR")) == Money(3, "EUR")

    @pytest.mark.parametrize("combine", [Money.__add__, Money.__sub__, Money.__lt__, Money.__le__])
    def test_never_of_two(self, combine):
        with pytest.raises(MixedCurrencies):
            combine(Money(100, "EUR"), Money(100, "USD"))

    def test_two_currencies_are_never_equal(self):
        assert Money(0, "EUR") != Money(0, "USD")


class TestSplit:
    def test_the_largest_remainder_gets_the_cent(self):
        assert money.split(100, [1, 1, 1]) == [34, 33, 33]
        assert money.split(10, [1, 2, 3]) == [2, 3, 5]
        assert money.split(101, [50, 30, 20]) == [51, 30, 20]

    def test_equal_remainders_go_to_the_earlier(self):
        assert money.split(5, [1, 1, 1]) == [2, 2, 1]

    def test_who_weighs_nothing_gets_nothing(self):
        assert money.split(7, [0, 1, 0]) == [0, 7, 0]

    def test_in_a_currency(self):
        assert Money(-5, "EUR").split([1, 1]) == (Money(-3, "EUR"), Money(-2, "EUR"))

    @pytest.mark.parametrize("weights", [[], [0], [0, 0], [-1, 2], [2, -1]])
    def test_weights_that_are_none(self, weights):
        with pytest.raises(ValueError, match="weights"):
            money.split(100, weights)

    @given(AMOUNTS, WEIGHTS)
    def test_shares_sum_exactly_and_are_within_one_of_their_part(self, amount, weights):
        shares = money.split(amount, weights)
        assert sum(shares) == amount
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Fraction(amount * weight, sum(weights))) < 1

    @given(AMOUNTS, WEIGHTS)
    def test_a_debt_is_split_as_its_credit(self, amount, weights):
        assert money.split(-amount, weights) == [-share for share in money.split(amount, weights)]

    @given(AMOUNTS, WEIGHTS)
    def test_who_weighs_more_gets_no_less(self, amount, weights):
        shares = money.split(abs(amount), weights)
        ranked = sorted(zip(weights, shares, strict=True))
        assert all(low[1] <= high[1] for low, high in pairwise(ranked))
