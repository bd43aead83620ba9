"""Others read what happens to an order by the names of its fields: they read what the golden events have."""

import json
from datetime import UTC, datetime

from commerce.order.decider import ORDER
from commerce.supplier_order.decider import SUPPLIER_ORDER
from documents.samples.golden import golden
from identity.external.readers import order_confirmed
from identity.user.cards import USER_CARDS
from troupe.store.aggregates import dump, parse


def test_identity_counts_a_confirmed_order_and_what_was_spent():
    event = golden("commerce", "order.confirmed")
    read = order_confirmed(event.data)
    assert (read.customer_id, read.total.amount_cents, read.total.currency) == (
        "0192f0c1-7a00-7000-8000-0000000000a1",
        18347,
        "EUR",
    )
    counted = USER_CARDS.count(event, datetime(2026, 2, 1, tzinfo=UTC))
    assert [(each.field, each.by) for each in counted] == [("orders", 1), ("spent_EUR", 18347)]


def test_identity_counts_what_goes_back_and_what_comes_home_again():
    at = datetime(2026, 2, 10, tzinfo=UTC)
    counted = {
        name: [(each.field, each.by) for each in USER_CARDS.count(golden("commerce", f"order.{name}"), at)]
        for name in ("refunded", "refund_failed")
    }
    assert counted == {"refunded": [("spent_EUR", -9423)], "refund_failed": [("spent_EUR", 9423)]}


def test_every_event_of_an_order_is_kept_as_it_was():
    for decider in (ORDER, SUPPLIER_ORDER):
        for name, shape in decider.events.items():
            data = golden("commerce", name).data
            assert json.loads(dump(shape, parse(shape, json.dumps(data)))) == data
