"""What who has bought from a supplier says of it."""

import json
from datetime import UTC, datetime

import pytest

from commerce.supplier.rating_decider import SUPPLIER_RATING, rating_id
from commerce.supplier.rating_projection import key_of
from support.commerce.shop import ask
from support.commerce.suppliers import done, rate
from support.principals import acting
from support.spec import ANN, TENANT
from troupe.ids import new_id
from troupe.store import keys, reads, writes
from troupe.store.commit import commit
from troupe.store.transact import load

RATING = {"stars": 4, "comment": "Still warm."}

HERE = {"delivered", "completed", "returned"}


def ordered(supplier_id, customer_id, *states):
    """A supplier's part of an order, as far as a rating looks at it."""
    order_id = new_id()
    lines = [{"state": state, "delivered_quantity": int(state in HERE)} for state in states]
    state = json.dumps({"customer_id": customer_id, "lines": lines})
    place = keys.state(TENANT, "supplier_order", f"{order_id}.{supplier_id}")
    commit([writes.put(place, {"version": 1, "state": state})])
    return order_id


@pytest.fixture
def delivered(table):
    """Parts of orders that are there for a rating alone, and are taken away before the books are checked."""
    made = []

    def deliver(supplier_id, customer_id, *states):
        order_id = ordered(supplier_id, customer_id, *states)
        made.append(keys.state(TENANT, "supplier_order", f"{order_id}.{supplier_id}"))
        return order_id

    yield deliver
    for key in made:
        table.delete_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}})


class TestRatings:
    """rate_supplier"""

    def test_who_has_received_something_rates_and_may_think_better_of_it(
        self, shop, seller, delivered, clock
    ):
        clock.instant = datetime.now(UTC)  # what is counted is not from long ago
        emily = acting("consumer", new_id())
        order_id = delivered(seller.id, emily["principal"], "delivered", "shipped")
        done(rate(seller.path, body={"order_id": order_id, **RATING}, **emily))
        done(rate(seller.path, body={"order_id": order_id, "stars": 2}, **emily))
        assert load(TENANT, SUPPLIER_RATING, rating_id(order_id, seller.id)).state.stars == 2
        shop.hears()
        shop.hears()
        row = reads.one(key_of(TENANT, seller.id))
        assert (row["ratings"], row["stars"]) == (1, 2)
        shown = ask("/suppliers/{supplier_id}", seller.path, **emily).body["metrics"]
        assert (shown["ratings"], shown["rating"], shown["revenue"]) == (1, 2.0, None)
        (said,) = ask("/suppliers/{supplier_id}/ratings", seller.path, **emily).body["items"]
        assert said["stars"] == 2
        assert emily["principal"] not in json.dumps(said)

    @pytest.mark.parametrize("states", [(), ("shipped",), ("cancelled", "rejected")])
    def test_nothing_was_delivered_yet(self, seller, delivered, states):
        order_id = delivered(seller.id, ANN, *states)
        refused = rate(seller.path, body={"order_id": order_id, **RATING}, **acting("consumer", ANN))
        assert (refused.status, refused.body["code"]) == (409, "nothing_delivered")

    def test_only_the_customer_rates_an_order(self, seller, delivered):
        order_id = delivered(seller.id, new_id(), "delivered")
        refused = rate(seller.path, body={"order_id": order_id, **RATING}, **acting("consumer", ANN))
        assert refused.body["code"] == "nothing_delivered"

    @pytest.mark.parametrize("stars", [0, 6, 2.5, None])
    def test_stars_are_one_to_five(self, seller, stars):
        body = {"order_id": new_id(), "stars": stars}
        assert rate(seller.path, body=body, **acting("consumer", ANN)).status == 422

    def test_a_supplier_that_is_not_there(self, shop):
        body = {"order_id": new_id(), **RATING}
        assert rate({"supplier_id": new_id()}, body=body, **acting("consumer", ANN)).status == 404
