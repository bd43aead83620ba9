"""Requests that no route takes: HEAD, and paths and methods that there are not."""

import pytest

from support.spec import ANN, LAMBDA, request, send
from troupe.edge import fields
from troupe.edge.queries import Queries, found
from troupe.edge.unrouted import DEFAULT, HEAD

ROUTES = Queries("identity")


class View(fields.Body):
    name: str


@ROUTES.get("/users/{user_id}", permission="user:read", reply=View)
def one(request):
    return found(View(name=request.path["user_id"]), 4)


@ROUTES.get("/users/newest", permission="user:read", reply=View)
def newest(_request):
    return found(View(name="newest"), 7)


@ROUTES.page("/pages/{name}")
def page(request):
    return found(View(name=request.path["name"]))


def event(method, address, route=DEFAULT, **more):
    made = request(route=route, principal=None if route == DEFAULT else ANN, **more)
    made["requestContext"]["http"]["method"] = method
    return {**made, "rawPath": address}


def head(path, **more):
    return event("HEAD", f"/v1/identity/{path}", HEAD, path={"proxy": path}, **more)


def call(made):
    return send(ROUTES, made)


class TestHead:
    def test_is_answered_as_get_without_a_body(self):
        answer = ROUTES(head("users/u1"), LAMBDA)
        assert (answer["statusCode"], answer["headers"]["etag"][:3], answer["body"]) == (200, '"4.', "")
        assert answer["headers"]["content-type"] == "application/json"

    def test_goes_to_the_path_with_the_fewest_parameters(self):
        assert ROUTES(head("users/newest"), LAMBDA)["headers"]["etag"].startswith('"7.')

    def test_takes_the_permission_of_get(self):
        assert ROUTES(head("users/u1", permissions=frozenset()), LAMBDA)["statusCode"] == 403

    @pytest.mark.parametrize("path", ["users", "users/u1/", "nothing/at/all", "users/a/b"])
    def test_of_a_path_without_get_here(self, path):
        assert ROUTES(head(path), LAMBDA)["statusCode"] in {404, 405}

    def test_of_a_page_for_anybody_has_a_route_of_its_own(self):
        made = event("HEAD", "/pages/x", "HEAD /pages/{name}", path={"name": "x"})
        made["requestContext"]["authorizer"] = {}
        assert ROUTES(made, LAMBDA)["statusCode"] == 200


class TestUnknown:
    @pytest.mark.parametrize(
        "path", ["/v1/identity/nothing", "/nothing", "/", "/v1/identity/users/", "//users"]
    )
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_a_path_is_not_found(self, method, path):
        reply = call(event(method, path))  # which looks at the id of the request, too
        assert (reply.status, reply.body["code"]) == (404, "not_found")

    @pytest.mark.parametrize("prefix", ["", "/v1/identity"])  # with and without a domain
    def test_a_method_is_not_allowed_and_those_that_are_are_listed(self, prefix):
        reply = call(event("DELETE", f"{prefix}/organizations"))
        assert (reply.status, reply.body["code"]) == (405, "method_not_allowed")
        assert reply.headers["allow"] == "GET, HEAD, POST"
        assert reply.body["detail"] == "This path takes GET, HEAD, POST."

    def test_a_path_that_two_routes_share_has_the_methods_of_both(self):
        allowed = call(event("PUT", "/users/verify")).headers["allow"]
        assert {"GET", "POST"} <= set(allowed.split(", "))

    def test_options_lists_the_methods(self):
        reply = ROUTES(event("OPTIONS", "/organizations"), LAMBDA)
        assert (reply["statusCode"], reply["headers"]["allow"]) == (204, "GET, HEAD, POST")

    def test_a_preflight_of_an_unknown_path_passes_so_that_a_page_can_read_the_problem(self):
        reply = ROUTES(event("OPTIONS", "/nothing"), LAMBDA)
        assert reply["statusCode"] == 204
        assert "allow" not in reply["headers"]
