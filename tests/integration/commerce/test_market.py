"""The shop's surroundings are real: identity's people, a supplier who can sign in, a context that hears."""

from commerce import settings
from commerce.query_routes import ROUTES
from support.commerce.shop import Market
from support.principals import acting
from support.spec import OTHER, request, send
from troupe.security.credential import CREDENTIAL
from troupe.store.transact import load


def test_people_are_identity_s(market):
    consumer, leader = market.consumer(), market.leader()
    kinds = [market.people.town.user(each).state.kind for each in (consumer, leader)]
    assert kinds == ["consumer", "leader"]
    assert load(market.tenant_id, CREDENTIAL, leader).state.roles == ("leader",)


def test_a_supplier_signs_in_as_one(market):
    found = load(market.tenant_id, CREDENTIAL, market.signer()).state
    assert (found.kind, found.status, found.roles) == ("supplier", "active", ("supplier",))
    assert load(market.tenant_id, CREDENTIAL, market.signer("suspended")).state.status == "suspended"


def test_terms_are_what_the_tenant_settled(table):
    place = Market(OTHER)
    place.found(tax_rates={"DE": 1900}, payout_hold_days=0)
    found = settings.of(place.standing())
    assert (found.tax_rate("DE"), found.payout_hold_days, found.return_window_days) == (1900, 0, 14)


def test_an_unknown_route_is_no_page(market):
    who = acting("consumer", market.consumer())
    assert send(ROUTES, request(route="GET /nothing", **who)).status == 404
