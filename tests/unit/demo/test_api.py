"""The demo's visitors: signed in anew when their token expires, and only then."""

import json
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from demo.api import Api, StoryError
from local.stack.http_client import client

BASE = "http://troupe.example.com"


class Server:
    """Its tokens are good for one request each, and numbered."""

    def __init__(self) -> None:
        self.signed_in, self.good = 0, set[str]()
        self.code = "token_expired"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/sessions"):
            assert json.loads(request.content) == {"email": "ann@example.com", "password": "secret"}
            self.signed_in += 1
            self.good.add(f"Bearer {self.signed_in}")
            return httpx.Response(201, json={"access_token": str(self.signed_in)})
        if request.headers["authorization"] not in self.good:
            return httpx.Response(401, json={"code": self.code})
        self.good.remove(request.headers["authorization"])
        return httpx.Response(200, json={"path": request.url.path, "sent": request.content.decode()})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr("demo.api.client", partial(client, transport=httpx.MockTransport(server)))
    return server


@pytest.fixture
def ann(server: Server) -> Iterator[Api]:
    with Api(BASE) as visitor, visitor.signed_in("ann@example.com", "secret") as api:
        yield api


def test_an_expired_token_is_replaced_and_the_request_repeated(ann: Api, server: Server) -> None:
    paths = [ann.post("/things", {"name": name})["sent"] for name in ("first", "second")]
    assert [json.loads(sent) for sent in paths] == [{"name": "first"}, {"name": "second"}]
    assert (server.signed_in, ann.token) == (2, "2")


def test_the_same_visitor_elsewhere_shares_the_token(ann: Api, server: Server) -> None:
    shop = ann.of("commerce")
    assert [ann.get("/me")["path"], shop.get("/orders")["path"]] == ["/v1/identity/me", "/v1/commerce/orders"]
    assert (server.signed_in, ann.token, shop.token) == (2, "2", "2")


def test_any_other_refusal_is_told(ann: Api, server: Server) -> None:
    server.code = "token_invalid"
    server.good.clear()
    with pytest.raises(StoryError, match="GET /me: 401"):
        ann.get("/me")
    assert server.signed_in == 1


def test_a_token_to_hand_on_is_new(ann: Api) -> None:
    assert ann.fresh_token() == ann.token == "2"
