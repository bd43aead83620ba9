"""Stripe's units over the whole list of its currencies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripe_simulator.platform import currencies
from troupe.domain.money import MINOR_UNITS
from troupe.domain.stripe_units import PRESENTMENT, NotChargeable, digits, from_stripe, to_stripe

WITHDRAWN = {"ANG", "BGN", "STD"}  # Stripe still lists them, and ISO 4217 no longer does
CHARGED = sorted(PRESENTMENT - WITHDRAWN)


@pytest.mark.parametrize(
    "cents, currency, amount",
    [
        (1999, "USD", 1999),
        (500, "JPY", 500),
        (5, "ISK", 500),
        (5, "UGX", 500),
        (500, "MGA", 5),
        (5120, "KWD", 5120),
        (1050, "HUF", 1050),
    ],
)
def test_an_amount_there_and_back(cents, currency, amount):
    assert to_stripe(cents, currency) == amount
    assert from_stripe(amount, currency) == cents


@pytest.mark.parametrize("cents, currency", [(5124, "KWD"), (550, "MGA"), (100, "IRR"), (100, "XXX")])
def test_an_amount_that_cannot_be_charged(cents, currency):
    with pytest.raises(NotChargeable):
        to_stripe(cents, currency)


def test_half_a_krona_that_stripe_names_is_none():
    with pytest.raises(NotChargeable):
        from_stripe(550, "ISK")


@pytest.mark.parametrize("currency", CHARGED)
@settings(max_examples=10)
@given(units=st.integers(min_value=1, max_value=10**6))
def test_whole_units_of_every_currency_are_charged_and_read_again(currency, units):
    cents = units * 10 ** MINOR_UNITS[currency]
    amount = to_stripe(cents, currency)
    assert amount == units * 10 ** digits(currency)
    assert from_stripe(amount, currency) == cents
    currencies.check(currency.lower(), amount)


def test_the_simulator_takes_the_same_currencies():
    assert {each.upper() for each in currencies.CURRENCIES} == PRESENTMENT


def test_what_iso_no_longer_has_is_charged_no_more():
    assert {each for each in PRESENTMENT if each not in MINOR_UNITS} == WITHDRAWN
