"""The statuses of an order: how they are shown, and the legal moves between them."""

from typing import get_args

import pytest

from commerce.order.decider import LIFECYCLE
from commerce.order.values import SHOWN, DetailStatus, Status
from troupe.domain.decider import Rejected


def test_every_status_is_shown_as_one_that_the_api_knows():
    assert set(SHOWN) == set(get_args(DetailStatus.__value__)) == set(LIFECYCLE.moves)
    assert set(SHOWN.values()) == set(get_args(Status.__value__))


LEGAL = {(was, to) for was, tos in LIFECYCLE.moves.items() for to in tos}


@pytest.mark.parametrize("was", sorted(LIFECYCLE.moves))
def test_every_other_move_is_refused(was):
    for to in LIFECYCLE.moves:
        if (was, to) in LEGAL:
            LIFECYCLE.check(was, to)
        else:
            with pytest.raises(Rejected, match="cannot become"):
                LIFECYCLE.check(was, to)


def test_nothing_comes_back_from_its_end():
    paid_again = {(was, to) for was, to in LEGAL if was in {"expired", "payment_failed"}}
    assert paid_again == {("expired", "paid"), ("payment_failed", "paid")}
    assert not [pair for pair in LEGAL if pair[0] == "refunded"]
    assert not [pair for pair in LEGAL if pair[1] == "pending_payment" and pair[0] != "reserving"]
