"""What is known of an invoice's money is the sum of what is known of its charges."""

from dataclasses import replace

from recovery.invoice.state import ChargeState
from support.recovery.invoice_states import CHARGE, fetched


def test_what_went_back_is_that_of_all_charges():
    first = ChargeState(charge=CHARGE, refunded_cents=200, disputed_cents=300)
    second = ChargeState(charge=replace(CHARGE, id="ch_2"), refunded_cents=50)
    found = fetched(charges=(first, second))
    assert (found.refunded_cents, found.disputed_cents) == (250, 300)
