"""The communities' surroundings are real: identity's people, and a context that hears of them."""

from community.query_routes import ROUTES
from support.principals import acting
from support.spec import request, send


def test_people_are_identity_s(tenant):
    consumer, leader = tenant.consumer(), tenant.leader()
    kinds = [tenant.people.tenant.user(each).state.kind for each in (consumer, leader)]
    assert kinds == ["consumer", "leader"]


def test_an_unknown_route_is_no_page(tenant):
    who = acting("consumer", tenant.consumer())
    assert send(ROUTES, request(route="GET /nothing", **who)).status == 404
