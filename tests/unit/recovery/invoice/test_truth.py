"""What is known of an invoice's money is the sum of what is known of its charges."""

from dataclasses import replace

from recovery.invoice.state import ChargeTruth
from support.recovery.invoice_states import CHARGE, truth


def test_what_went_back_is_that_of_all_charges():
    first = ChargeTruth(charge=CHARGE, refunded_cents=200, disputed_cents=300)
    second = ChargeTruth(charge=replace(CHARGE, id="ch_2"), refunded_cents=50)
    found = truth(charges=(first, second))
    assert (found.refunded_cents, found.disputed_cents) == (250, 300)
