"""Amounts and dates in mails: alike in every language, and right in every currency."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.mail.values import amount, day, moment
from troupe.domain.money import MINOR_UNITS


@pytest.mark.parametrize(
    ("cents", "currency", "shown"),
    [
        (123_450, "USD", "USD 1234.50"),
        (5, "EUR", "EUR 0.05"),
        (1_200, "JPY", "JPY 1200"),
        (1_250, "KWD", "KWD 1.250"),
        (500, "ISK", "ISK 5.00"),  # Stripe counts hundredths of what has none
        (500, "UGX", "UGX 5.00"),
        (500, "MGA", "MGA 500"),
        (-2_000, "USD", "USD -20.00"),
        (-7, "JPY", "JPY -7"),
        (100, "XXX", "XXX 1.00"),
    ],
)
def test_amounts(cents, currency, shown):
    assert amount(cents, currency) == shown


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(MINOR_UNITS)))
def test_nothing_is_lost(cents, currency):
    digits = amount(cents, currency).removeprefix(f"{currency} ").replace(".", "")
    assert int(digits) == cents


def test_dates_are_of_the_zone():
    instant = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert day(instant, "Europe/Berlin") == "2026-03-02"
    assert moment(instant, "Asia/Kolkata") == "2026-03-02 05:00 (Asia/Kolkata)"
