"""What the lists of orders show after each event: what the events make of the order, and of its parts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from commerce.fulfilment.projection import SUPPLIER_QUEUE, Queued, work
from commerce.order.decider import ORDER
from commerce.order.events import OrderPaymentFailed, OrderReserved
from commerce.order.projection import ORDER_SUMMARIES, Summary
from commerce.supplier_order.commands import ConfirmSupplierOrder
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.events import (
    SupplierOrderConfirmed,
    SupplierOrderReservationReleased,
    SupplierOrderReturnApproved,
    SupplierOrderReturnRequested,
)
from support.commerce.delivered_supplier_order import SHOES, SOLD, delivered, given, rejected, units
from support.commerce.order_histories import (
    CANCELLED,
    CONFIRMED,
    CREATED,
    EXPIRED,
    NOW,
    STARTED,
    SUCCEEDED,
    created,
)
from support.stream_events import envelope
from troupe.domain.decider import Decider, Listing
from troupe.projection.view import Tombstone, View
from troupe.store.aggregates import dump, parse
from troupe.store.envelope import Envelope

(ORDERS,), (PARTS,) = ORDER_SUMMARIES.sources, SUPPLIER_QUEUE.sources
FAILED = OrderPaymentFailed(attempt=1, code="card_declined", decline_code=None, dead=False, failed_at=NOW)
PAID = SupplierOrderConfirmed(confirmed_at=NOW)
ASKED = SupplierOrderReturnRequested(return_id="r", lines=units(_1=1), reason=None, requested_at=NOW)
BACK = SupplierOrderReturnApproved(return_id="r", lines=units(_1=1), stock=(), approved_at=NOW)


def happened(decider: Decider[Any, Any, Any], events: Sequence[Any]) -> list[Envelope]:
    return [
        envelope(
            decider.name,
            "o.s",
            version,
            decider.type_of(event).partition(".")[2],
            **json.loads(dump(type(event), event)),
        )
        for version, event in enumerate(events, start=1)
    ]


def row(view: View, decider: Decider[Any, Any, Any], events: Sequence[Any]) -> Any:
    """Stored and read again after each event, as the table has it."""
    (source,) = view.sources
    part: Any = None
    for each in happened(decider, events):
        found = source.project(part, each)
        part = found and parse(source.shape, dump(source.shape, found))
    return part


HISTORIES = [
    (CREATED,),
    (CREATED, STARTED, FAILED),
    (CREATED, STARTED, SUCCEEDED, CONFIRMED),
    (CREATED, EXPIRED),
    (CREATED, CANCELLED),
    (created(2), OrderReserved(expires_at=NOW, reserved_at=NOW)),
]


@pytest.mark.parametrize("history", HISTORIES)
def test_a_summary_says_of_an_order_what_the_order_says(history):
    found, order = row(ORDER_SUMMARIES, ORDER, history), ORDER.fold(history)
    assert isinstance(found, Summary)
    assert found.order == replace(order, timeline=(), shares=())
    listing = ORDERS.listed(found)
    assert listing.collection == (f"CUSTOMER#{order.customer.id}", "o.s")
    assert listing.queue == (f"CUSTOMER#{order.customer.id}#{order.status.upper()}", "o.s")
    shown = listing.summary
    assert (shown["detail_status"], shown["payment_status"]) == (order.detail_status, order.payment.status)
    assert (shown["title"], shown["units"], shown["line_count"]) == ("Red Running Shoes", 1, 1)


@pytest.mark.parametrize("source", [ORDERS, PARTS])
def test_what_is_not_known_changes_nothing(source):
    decider, history = (ORDER, (CREATED,)) if source is ORDERS else (SUPPLIER_ORDER, (SHOES,))
    (first,) = happened(decider, history)
    there = source.project(None, first)
    unknown = replace(first, type=f"{decider.name}.teleported")
    assert source.project(there, unknown) is there
    late = happened(decider, (CREATED, EXPIRED) if source is ORDERS else (SHOES, PAID))[1]
    assert source.project(None, late) is None
    assert source.project(Tombstone(), late) == Tombstone()
    assert source.place(first).parts == ("o.s",)


WORK = [
    ((SHOES, PAID), "to_accept"),
    ((*SOLD[:2], PAID), "to_ship"),
    ((SHOES, PAID, *SOLD[1:3]), "on_the_way"),
    ((SHOES, PAID, *SOLD[1:]), "delivered"),
    ((SHOES, PAID, *SOLD[1:], ASKED), "to_take_back"),
    ((SHOES, PAID, *SOLD[1:], ASKED, BACK), "delivered"),
    ((SHOES, PAID, rejected(units(_1=3, _2=1))), "closed"),
    ((*delivered(SHOES, units(_2=1)), PAID), "delivered"),
]


@pytest.mark.parametrize("history, first", WORK)
def test_a_part_stands_where_there_is_something_to_do_with_it(history, first):
    found, part = row(SUPPLIER_QUEUE, SUPPLIER_ORDER, history), SUPPLIER_ORDER.fold(history)
    assert isinstance(found, Queued)
    assert [line.state for line in found.part.lines] == [line.state for line in part.lines]
    assert work(found.part) == first
    listing = PARTS.listed(found)
    assert listing.collection == (f"SUPPLIER#{part.supplier_id}", part.order_id)
    assert listing.queue == (f"SUPPLIER#{part.supplier_id}#{first.upper()}", part.order_id)
    assert listing.summary["total"] == {"amount_cents": 13_499, "currency": "EUR"}


@pytest.mark.parametrize("history", [(SHOES,), (SHOES, SupplierOrderReservationReleased(released_at=NOW))])
def test_a_part_of_an_order_that_is_not_paid_is_nowhere(history):
    assert PARTS.listed(row(SUPPLIER_QUEUE, SUPPLIER_ORDER, history)) == Listing()


def test_a_part_hears_once_that_it_is_paid():
    given(SHOES).when(ConfirmSupplierOrder()).then(PAID)
    given(SHOES, PAID).when(ConfirmSupplierOrder()).then_nothing()
    assert given(SHOES, PAID).state.confirmed_at == NOW
