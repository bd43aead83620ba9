"""The communities' surroundings are real: identity's people, and a context that hears of them."""

from community.query_routes import ROUTES
from support.principals import acting
from support.spec import request, send


def test_people_are_identity_s(plaza):
    consumer, leader = plaza.consumer(), plaza.leader()
    kinds = [plaza.people.town.user(each).state.kind for each in (consumer, leader)]
    assert kinds == ["consumer", "leader"]


def test_an_unknown_route_is_no_page(plaza):
    who = acting("consumer", plaza.consumer())
    assert send(ROUTES, request(route="GET /nothing", **who)).status == 404
