"""reject_lines by the timer: only lines that the supplier does not answer in time are rejected."""

from datetime import timedelta

from commerce.fulfilment import transactions
from commerce.supplier_order.commands import RejectUnanswered
from support.commerce.catalogue import open_catalogue
from support.commerce.fulfilment import Fulfilment, bought, done
from support.commerce.orders import requested_line
from support.dynamodb import stored_events


def test_unanswered_lines_are_rejected_after_two_days(checkout):
    """Failure 25: the supplier never answers."""
    other = open_catalogue()
    goods, lot = checkout.goods(10), checkout.goods(5, other)
    first = bought(checkout, (goods, 2), (lot, 1))
    second = Fulfilment(checkout, first.order_id, other)
    done(second.accept())
    checkout.later(hours=47, minutes=59)
    assert checkout.sweep() == {"done": 0, "failed": 0}
    assert first.states == ["reserved"]
    checkout.later(minutes=1)
    assert checkout.sweep()["failed"] == 0
    assert (first.states, second.states) == (["rejected"], ["accepted"])
    assert checkout.levels(goods) == (10, 10, 0)
    assert first.status == "accepted"
    (told,) = stored_events("supplier_order.lines_rejected")
    assert (told.data["unanswered"], told.data["reason"], told.actor) == (True, None, "sweep")
    assert checkout.sweep() == {"done": 0, "failed": 0}
    assert len(stored_events("supplier_order.lines_rejected")) == 1


def test_the_shop_settles_how_long_they_have(checkout):
    checkout.shop.people.settle(order_accept_hours=1)
    part = bought(checkout, (checkout.goods(10), 2))
    checkout.shop.people.settle(order_accept_hours=72)
    checkout.later(hours=1)
    checkout.sweep()
    assert (part.states, part.status) == (["rejected"], "cancelled")


def test_what_is_not_paid_is_not_rejected(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    transactions.reject_unanswered(checkout.shop.scope(checkout.clock() + timedelta(days=9)), order_id)
    assert checkout.order(order_id).detail_status == "pending_payment"


def test_who_answers_in_the_last_moment_has_answered(checkout, monkeypatch):
    """The supplier accepts while the sweep is about to reject: one of them wins."""
    part = bought(checkout, (checkout.goods(10), 2))
    checkout.later(hours=48)
    decide = transactions.moved

    def slowly(at, moved, command, reason="rejected"):
        if isinstance(command, RejectUnanswered):
            monkeypatch.setattr(transactions, "moved", decide)
            done(part.accept())
        return decide(at, moved, command, reason)

    monkeypatch.setattr(transactions, "moved", slowly)
    assert checkout.sweep()["failed"] == 0
    assert (part.states, part.status) == (["accepted"], "accepted")
    assert stored_events("supplier_order.lines_rejected") == []


def test_an_order_of_many_lines_is_rejected_step_by_step(checkout, monkeypatch):
    monkeypatch.setattr(transactions, "MOST_MOVES", 2)
    each = [checkout.goods(3) for _ in range(5)]
    part = bought(checkout, *((goods, 1) for goods in each))
    refused = part.reject("1", "2", "3")
    assert (refused.status, refused.body["code"]) == (409, "too_many_lines")
    checkout.later(hours=48)
    checkout.sweep()
    assert part.states == ["rejected"] * 5
    assert len(stored_events("supplier_order.lines_rejected")) == 3
    assert [checkout.levels(goods) for goods in each] == [(3, 3, 0)] * 5
