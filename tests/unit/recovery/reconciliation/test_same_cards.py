"""Whether a card is the one that was declined, and what a course of commands is of."""

from types import SimpleNamespace

import pytest

from recovery.attempt.events import CardData
from recovery.invoice.state import ChargeState
from recovery.reconciliation.decide import _Course
from recovery.reconciliation.decide_attribution import _alike
from recovery.reconciliation.decide_charges import _by_whom
from support.recovery.attempt_histories import at, charge
from support.spec import NOON


@pytest.mark.parametrize(
    ("used", "declined", "same"),
    [
        (CardData(payment_method_id="pm_1"), CardData(payment_method_id="pm_1"), True),
        (CardData(payment_method_id="pm_1"), CardData(payment_method_id="pm_2"), False),
        (
            CardData(payment_method_id="pm_1", fingerprint="a", expires="2030-08"),
            CardData(payment_method_id="pm_2", fingerprint="a", expires="2030-08"),
            True,
        ),
        (
            CardData(payment_method_id="pm_1", fingerprint="a", expires="2030-08"),
            CardData(payment_method_id="pm_1", fingerprint="a", expires="2026-08"),
            False,
        ),
    ],
)
def test_a_card_is_known_by_its_fingerprint_or_else_by_its_name(used, declined, same):
    assert _alike(used, declined) is same


def test_no_attempt_has_none_of_its_things():
    with pytest.raises(LookupError):
        _ = _Course(None, NOON).attempt


def test_a_charge_awaiting_the_customer_was_confirmed_by_the_customer():
    """S-40: the payment that was to be authenticated is charged at last."""
    waiting = charge(1, id="pi_9", status="pending", executed=False)
    made = ChargeState(charge=charge(2, at(hours=1), payment_intent_id="pi_9", status="succeeded"))
    fetched = SimpleNamespace(charges=(ChargeState(charge=charge(3)), made))
    confirmed = _by_whom(made, SimpleNamespace(charges=(waiting,)), fetched)
    assert confirmed.initiator == "customer"
