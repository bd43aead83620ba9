"""The shop's surroundings are real: identity's people, a supplier who can sign in, a context that hears."""

from commerce import settings
from commerce.query_routes import ROUTES
from support.commerce.shop import Shop
from support.principals import acting
from support.spec import OTHER, request, send
from troupe.security.credential import CREDENTIAL
from troupe.store.transact import load


def test_people_are_identity_s(shop):
    consumer, leader = shop.consumer(), shop.leader()
    kinds = [shop.people.tenant.user(each).state.kind for each in (consumer, leader)]
    assert kinds == ["consumer", "leader"]
    assert load(shop.tenant_id, CREDENTIAL, leader).state.roles == ("leader",)


def test_a_supplier_signs_in_as_one(shop):
    found = load(shop.tenant_id, CREDENTIAL, shop.signer()).state
    assert (found.kind, found.status, found.roles) == ("supplier", "active", ("supplier",))
    assert load(shop.tenant_id, CREDENTIAL, shop.signer("suspended")).state.status == "suspended"


def test_terms_are_what_the_tenant_settled(table):
    place = Shop(OTHER)
    place.found(tax_rates={"DE": 1900}, payout_hold_days=0)
    found = settings.of(place.standing())
    assert (found.tax_rate("DE"), found.payout_hold_days, found.return_window_days) == (1900, 0, 14)


def test_an_unknown_route_is_no_page(shop):
    who = acting("consumer", shop.consumer())
    assert send(ROUTES, request(route="GET /nothing", **who)).status == 404
