"""Once a customer is erased, commerce keeps amounts, the country and identifiers, and no word of theirs."""

import json

import pytest

from commerce.inbound import handler as inbound
from commerce.refold import handler as refold
from commerce.supplier.rating_decider import SUPPLIER_RATING, RateSupplier, rating_id
from support.commerce.fulfilment import bought, decline_return, done, request_return
from support.dynamodb import round_trips, stored_events, stored_items
from support.spec import NOON, TENANT
from support.stream_events import batch, envelope, failed, lambda_context
from troupe.edge.request import scope_of
from troupe.security.credential import CREDENTIAL, EraseCredential
from troupe.store import keys, personal, reads
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.transact import execute

ADDRESS = {
    "name": "Planted Name",
    "line1": "Planted street 1",
    "city": "Planted city",
    "postal_code": "10115",
    "country": "DE",
    "phone": "+49 30 1234567",
}


def deliver(events):
    for begin in range(0, len(events), 10):
        assert failed(inbound(batch(*events[begin : begin + 10]), None)) == []


def planted() -> list[str]:
    return [f"{item['PK']} {item['SK']}" for item in stored_items() if "planted" in str(item).lower()]


def erase(user_id: str) -> None:
    """As identity does: the key goes, and then it tells."""
    scope = scope_of(now=NOON.now, tenant_id=TENANT, actor="owner", correlation_id="c")
    execute(scope, Ref(decider=CREDENTIAL, id=user_id), EraseCredential())
    commit(list(personal.erased(NOON, f"user:{user_id}")))
    deliver([envelope("user", user_id, 9, "personal_data_erased", erased_at="2026-01-31T12:00:00Z")])
    deliver([each for each in stored_events() if each.type.endswith("personal_data_erased")])


@pytest.fixture
def lived(checkout):
    """A customer who had something sent, and sent it back."""
    goods = checkout.goods(10)
    part = bought(checkout, (goods, 3), address=ADDRESS)
    for step in (part.accept, part.ship, part.deliver):
        done(step())
    lines = [{"line_id": "1", "quantity": 1}]
    body = {"supplier_id": part.catalogue.supplier_id, "lines": lines, "reason": "Planted return"}
    asked = done(request_return(part.path, body=body, **checkout.by))["returns"][0]["id"]
    path = {**part.path, "return_id": asked}
    done(decline_return(path, body={"reason": "Planted decline"}, **part.catalogue.by))
    said = RateSupplier(
        supplier_id=part.catalogue.supplier_id,
        order_id=part.order_id,
        stars=2,
        delivered=True,
        comment="Planted comment",
    )
    scope = scope_of(now=checkout.clock(), tenant_id=TENANT, actor=checkout.buyer, correlation_id="c")
    rating = rating_id(part.order_id, part.catalogue.supplier_id)
    execute(scope, Ref(decider=SUPPLIER_RATING, id=rating, creates=True), said)
    deliver(stored_events())
    return part


def test_nothing_of_the_customer_is_left(checkout, lived):
    order = checkout.order(lived.order_id)
    assert planted()
    erase(order.customer.id)
    assert planted() == []
    opened = personal.opened(stored_events())
    assert "planted" not in json.dumps([each.data for each in opened]).lower()
    left = checkout.order(lived.order_id)
    assert (left.totals, left.address.country, left.customer.id) == (order.totals, "DE", order.customer.id)
    at = keys.subject(TENANT, f"user:{order.customer.id}").pk
    assert reads.between(at, keys.HELD, "I") == []


def test_a_refold_equals_what_stands(checkout, lived):
    erase(checkout.order(lived.order_id).customer.id)
    for kind in ("order", "supplier_order", "supplier_rating"):
        report = refold({"kind": kind, "start": True}, lambda_context())
        assert (report["written"], report["failed"]) == (0, 0)


def test_a_return_costs_no_round_trip_more(checkout, lived):
    lines = [{"line_id": "1", "quantity": 1}]
    body = {"supplier_id": lived.catalogue.supplier_id, "lines": lines, "reason": "Once more"}
    with round_trips() as made:
        done(request_return(lived.path, body=body, **checkout.by))
    assert made == ["BatchGetItem", "TransactWriteItems"]
