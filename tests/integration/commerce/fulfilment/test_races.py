"""ship_lines and cancel_order, and others who come at the same moment: one of them wins."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from commerce.fulfilment import transactions
from commerce.fulfilment.routes import accept_lines, ship_lines
from commerce.supplier_order.commands import CancelLines, RecallShipment, ShipLines
from support.commerce.catalogue import open_catalogue
from support.commerce.fulfilment import Fulfilment, accept, bought, done, ship
from support.dynamodb import stored_events
from support.faulty_client import OneAtATime
from support.openapi import problems_of
from troupe.store import table


@pytest.fixture
def crowd(checkout):
    """Many at once: moto checks and writes without a lock, the table does not."""
    for handler, call in ((accept_lines, accept), (ship_lines, ship)):
        problems_of(handler, call.route)  # what is documented is worked out once, not by each
    one = OneAtATime(table.client())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "client", lambda: one)
        yield


@pytest.fixture
def meanwhile(monkeypatch):
    """Something happens after a command was decided on and before it is written."""
    decide = transactions.moved

    def interrupt(kind, happens):
        def slowly(at, part, command, *reason):
            decided = decide(at, part, command, *reason)
            if isinstance(command, kind):
                monkeypatch.setattr(transactions, "moved", decide)
                monkeypatch.setattr("commerce.fulfilment.access.moved", decide)
                happens()
            return decided

        monkeypatch.setattr(transactions, "moved", slowly)
        monkeypatch.setattr("commerce.fulfilment.access.moved", slowly)

    return interrupt


@pytest.fixture
def part(checkout):
    part = bought(checkout, (checkout.goods(10), 3))
    done(part.accept())
    return part


def test_s_58_it_is_called_off_while_it_is_being_shipped(checkout, part, meanwhile):
    """S-58: who cancels first has nothing sent, and all of it back."""
    meanwhile(ShipLines, lambda: done(checkout.cancel(part.order_id)))
    refused = part.ship(tracking_number="JJD01")
    assert (refused.status, refused.body["code"]) == (409, "invalid_transition")
    assert (part.states, part.status) == (["cancelled"], "refunded")
    assert part.part.shipments == ()


def test_s_58_it_is_shipped_while_it_is_being_called_off(checkout, part, meanwhile):
    """S-58: who ships first has sent it; what is not wanted then is sent back."""
    meanwhile(CancelLines, lambda: done(part.ship(tracking_number="JJD01")))
    refused = checkout.cancel(part.order_id)
    assert (refused.status, refused.body["code"]) == (409, "order_shipped")
    assert (part.states, part.status) == (["shipped"], "shipped")
    assert stored_events("order.refund_requested") == []
    done(part.deliver())
    assert done(part.send_back("1"))["returns"][0]["lines"] == [{"line_id": "1", "quantity": 3}]


def test_shipped_by_two_at_once_it_leaves_once(checkout, part, crowd):
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda n: part.ship(tracking_number=f"JJD0{n}"), range(4)))
    assert sorted(each.status for each in replies) == [200, 409, 409, 409]
    assert len(part.part.shipments) == 1
    assert part.part.lines[0].shipped_quantity == 3


def test_suppliers_of_one_order_do_not_keep_each_other_from_it(checkout, crowd):
    stalls = [checkout.catalogue, open_catalogue(), open_catalogue()]
    first = bought(checkout, *((checkout.goods(5, each), 1) for each in stalls))
    parts = [Fulfilment(checkout, first.order_id, each) for each in stalls]

    def answered(part):
        reply = part.accept()
        while reply.body.get("code") == "conflict":
            reply = part.accept()
        return reply.status

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(answered, parts)) == [200, 200, 200]
    order = checkout.order(first.order_id)
    assert (order.histogram, order.detail_status) == ({"accepted": 3}, "accepted")


def test_delivered_while_it_is_called_back(checkout, part, meanwhile):
    name = done(part.ship())["shipments"][0]["id"]
    meanwhile(RecallShipment, lambda: done(part.deliver()))
    assert part.recall(name).body["code"] == "invalid_transition"
    assert part.states == ["delivered"]


def test_what_has_not_left_is_cancelled_and_paid_back(checkout, part):
    """cancel_order of what is paid: the rest of it is on its way, and stays."""
    done(part.ship(("1", 1)))
    cancelled = done(checkout.cancel(part.order_id))
    assert (part.states, cancelled["detail_status"]) == (["shipped"], "shipped")
    line = part.part.lines[0]
    assert (line.cancelled_quantity, line.shipped_quantity, line.waiting) == (2, 1, 0)
    (refund,) = checkout.order(part.order_id).refunds
    assert (refund.status, refund.amount_cents) == ("succeeded", 2 * 7999)
    again = checkout.cancel(part.order_id)
    assert (again.status, again.body["code"]) == (409, "order_shipped")


def test_cancelled_twice_it_is_paid_back_once(checkout, part):
    for _ in range(2):
        assert done(checkout.cancel(part.order_id))["status"] == "cancelled"
    (refund,) = checkout.order(part.order_id).refunds
    assert refund.amount_cents == checkout.order(part.order_id).totals.total_cents
    assert checkout.stripe.kept == 0
    (cancelled,) = stored_events("order.cancelled")
    assert cancelled.data["reason"] == "customer"
