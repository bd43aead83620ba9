"""What no route takes, over HTTP: a problem each time, and HEAD as GET."""

import httpx
import pytest

from demo.api import Api

CONTEXTS = ("identity", "commerce", "community", "recovery", "talent")


@pytest.fixture
def stranger(stack):
    with httpx.Client(base_url=stack.api_url, timeout=60) as client:
        yield client


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_an_unknown_path(stranger, method, context):
    answer = stranger.request(method, f"/v1/{context}/no/such/path/at/all")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["instance"].endswith(answer.headers["x-request-id"])


def test_an_unknown_context(stranger):
    answer = stranger.get("/v1/elsewhere/things")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_wrong_method(stranger):
    answer = stranger.delete("/v1/identity/organizations")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("path", ["/v1/identity/organizations/", "/v1/identity/Organizations"])
def test_a_path_that_is_nearly_right(stranger, path):
    assert stranger.get(path).json()["code"] == "not_found"


def test_head_is_answered_as_get(played):
    path = f"/v1/identity/tenants/{played.tenant_id}"
    got, head = (played.owner.http.request(method, path) for method in ("GET", "HEAD"))
    assert (got.status_code, head.status_code, head.text) == (200, 200, "")
    assert head.headers["etag"] == got.headers["etag"]
    assert played.owner.http.head("/v1/identity/nothing").status_code == 404


def test_head_takes_a_good_token(stack):
    with Api(stack.api_url, "forged") as forger:
        assert forger.http.head("/v1/identity/me").status_code == 401


def test_head_of_a_link_in_a_mail_counts_nothing(stranger):
    answer = stranger.head("/v1/recovery/clicks/anything")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
