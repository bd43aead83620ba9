"""What a business tells of itself: bank numbers with check digits, and the tails that are shown of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from commerce.supplier.encryption import masked
from commerce.supplier.requests import BankDetails

HOLDER = {"account_holder": "Bakery GmbH", "country": "DE", "currency": "EUR"}


@pytest.mark.parametrize(
    "iban",  # https://www.iban.com/structure: examples of the registry
    [
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
        "fr14 2004 1010 0505 0001 3m02 606",
        "MT84MALT011000012345MTLCAST001S",
        "NO9386011117947",
    ],
)
def test_an_iban_whose_check_digits_fit(iban):
    assert BankDetails(**HOLDER, iban=iban).number == iban.replace(" ", "").upper()


@pytest.mark.parametrize(
    "iban", ["DE88370400440532013000", "DE893704004405320130", "", "1234", "DE89 3704 0044 0532 0130 0x!"]
)
def test_one_whose_do_not(iban):
    with pytest.raises(ValidationError):
        BankDetails(**HOLDER, iban=iban)


@given(st.integers(0, 10**18 - 1), st.integers(2, 19), st.integers(1, 9))
def test_one_digit_that_is_wrong_is_noticed(account, place, by):
    """MOD 97-10 finds every single wrong digit (ISO 7064)."""
    bare = f"{account:018}"
    check = 98 - int(f"{bare}131400") % 97  # D = 13, E = 14
    right = f"DE{check:02}{bare}"
    assert BankDetails(**HOLDER, iban=right).iban == right
    digit = (int(right[place]) + by) % 10
    with pytest.raises(ValidationError):
        BankDetails(**HOLDER, iban=f"{right[:place]}{digit}{right[place + 1 :]}")


def test_an_account_number_comes_with_a_routing_number():
    numbers = {"account_number": "000123456789", "routing_number": "110000000"}
    assert BankDetails(**HOLDER, **numbers).number == "000123456789"
    for wrong in (
        {},
        {"account_number": "000123456789"},
        {"routing_number": "110000000"},
        {**numbers, "iban": "NO9386011117947"},
    ):
        with pytest.raises(ValidationError, match="either an IBAN"):
            BankDetails(**HOLDER, **wrong)


def test_numbers_are_in_no_representation():
    shown = repr(BankDetails(**HOLDER, iban="NO9386011117947"))
    assert "9386011117947" not in shown


@given(st.text(alphabet="ABC123 -/", max_size=40))
def test_a_tail_is_short_and_never_the_whole(number):
    bare = "".join(each for each in number if each.isalnum())
    shown = masked(number)
    assert bare.endswith(shown)
    assert len(shown) <= 4
    assert len(shown) <= max(2, len(bare) // 2)
