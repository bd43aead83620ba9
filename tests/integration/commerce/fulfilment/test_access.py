"""Whose part of an order it is: to any other supplier, and to other customers, it is not there."""

import pytest

from commerce.supplier import transactions
from commerce.supplier.commands import RegisterSupplier
from commerce.supplier.events import Company
from support.commerce import fulfilment
from support.commerce.catalogue import open_catalogue, stands
from support.commerce.fulfilment import bought, done
from support.commerce.shop import Call
from support.dynamodb import stored_items
from support.principals import acting
from troupe.store.transact import execute

OF_SUPPLIERS = {
    "accept_lines": (fulfilment.accept, {}),
    "reject_lines": (fulfilment.reject, {"lines": [{"line_id": "1"}]}),
    "ship_lines": (fulfilment.ship, {"carrier": "DHL"}),
    "deliver_lines": (fulfilment.deliver, {}),
}


@pytest.fixture
def part(checkout):
    part = bought(checkout, (checkout.goods(10), 2))
    done(part.accept())
    return part


@pytest.mark.parametrize("command", OF_SUPPLIERS)
def test_to_another_supplier_it_is_not_there(part, command):
    call, body = OF_SUPPLIERS[command]
    other, before = open_catalogue(), stored_items()
    for named in ({}, {"supplier_id": part.catalogue.supplier_id}):
        reply = call(part.path, body={**body, **named}, **other.by)
        assert (reply.status, reply.body["code"]) == (404, "not_found")
    assert stored_items() == before


@pytest.mark.parametrize("command", OF_SUPPLIERS)
def test_who_buys_does_not_send(part, command):
    call, body = OF_SUPPLIERS[command]
    assert call(part.path, body=body, **part.checkout.by).status == 403


def test_who_oversees_orders_acts_in_a_suppliers_name(part):
    admin = acting("admin", part.checkout.shop.admin())
    unnamed = fulfilment.ship(part.path, body={"carrier": "DHL"}, **admin)
    assert (unnamed.status, unnamed.body["code"]) == (422, "supplier_required")
    named = {"carrier": "DHL", "supplier_id": part.catalogue.supplier_id}
    assert done(fulfilment.ship(part.path, body=named, **admin))["detail_status"] == "shipped"
    nobody = {"carrier": "DHL", "supplier_id": open_catalogue().supplier_id}
    assert fulfilment.ship(part.path, body=nobody, **admin).status == 404


def test_s_30_what_a_suspended_supplier_has_sold_is_seen_to_by_the_shop(part):
    """S-30, failure 26: between payment and shipment an administrator has to see to the lines."""
    stands(part.catalogue.supplier_id, "suspended")
    before = stored_items()
    refused = part.ship()
    assert (refused.status, refused.body["code"]) == (409, "supplier_not_active")
    assert stored_items() == before
    admin = acting("admin", part.checkout.shop.admin())
    named = {"lines": [{"line_id": "1"}], "supplier_id": part.catalogue.supplier_id}
    assert done(fulfilment.reject(part.path, body=named, **admin))["lines"][0]["state"] == "rejected"


def test_to_other_customers_a_return_is_not_there(part):
    done(part.ship())
    done(part.deliver())
    bob = acting("consumer", part.checkout.shop.consumer("Bob"))
    body = {"supplier_id": part.catalogue.supplier_id, "lines": [{"line_id": "1"}]}
    assert fulfilment.request_return(part.path, body=body, **bob).status == 404
    elsewhere = {**body, "supplier_id": open_catalogue().supplier_id}
    assert fulfilment.request_return(part.path, body=elsewhere, **part.checkout.by).status == 404
    assert fulfilment.request_return(part.path, body=body, **part.catalogue.by).status == 403
    name = done(part.send_back("1"))["returns"][0]["id"]
    path = {**part.path, "return_id": name}
    assert fulfilment.approve_return(path, **open_catalogue().by).status == 404
    assert fulfilment.approve_return(path, **part.checkout.by).status == 403
    missing = {**part.path, "return_id": part.order_id}
    assert fulfilment.approve_return(missing, **part.catalogue.by).body["code"] == "no_return"


def test_who_received_a_unit_rates_who_sent_it(part):
    """rate_supplier"""
    rate = Call("rate_supplier", "POST /suppliers/{supplier_id}/ratings")
    path, body = {"supplier_id": part.catalogue.supplier_id}, {"order_id": part.order_id, "stars": 5}
    company = RegisterSupplier(company=Company(legal_name="Loaf GmbH", country="DE"))
    execute(part.checkout.shop.scope(), transactions.ref(part.catalogue.supplier_id, creates=True), company)
    done(part.ship(("1", 1)))
    assert rate(path, body=body, **part.checkout.by).body["code"] == "nothing_delivered"
    done(part.deliver())
    assert part.states == ["accepted"]
    assert done(rate(path, body=body, **part.checkout.by))["version"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {"lines": [{"line_id": "1"}, {"line_id": "1"}], "carrier": "DHL"},
        {"lines": [{"line_id": "1", "quantity": 0}], "carrier": "DHL"},
        {"lines": [{"line_id": "1", "quantity": 1.5}], "carrier": "DHL"},
        {"carrier": " "},
        {"carrier": "DHL", "parcel": 1},
        {},
    ],
)
def test_what_makes_no_sense_is_refused(part, body):
    reply = fulfilment.ship(part.path, body=body, **part.catalogue.by)
    assert (reply.status, reply.body["code"]) == (422, "invalid_request")


def test_if_match_speaks_of_the_suppliers_part(part):
    stale = fulfilment.ship(
        part.path, body={"carrier": "DHL"}, headers={"if-match": '"1"'}, **part.catalogue.by
    )
    assert (stale.status, stale.body["code"]) == (412, "stale_version")
    fresh = fulfilment.ship(
        part.path,
        body={"carrier": "DHL"},
        headers={"if-match": '"2"', "idempotency-key": "k"},
        **part.catalogue.by,
    )
    assert fresh.version == 3
    again = fulfilment.ship(
        part.path,
        body={"carrier": "DHL"},
        headers={"if-match": '"2"', "idempotency-key": "k"},
        **part.catalogue.by,
    )
    assert (again.body, again.headers["idempotent-replayed"]) == (fresh.body, "true")
