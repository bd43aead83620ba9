"""What an operation's document says, from what the code says of it."""

from dataclasses import replace

import pytest
from pydantic import BaseModel

from documents.api.failures import failures, takes_key, takes_version
from documents.api.openapi import Operations, told_apart
from documents.api.refusals import Refusals
from documents.api.words import description, summary
from documents.contexts import Route
from documents.places import KERNEL
from troupe.edge.endpoint import NoBody, Operation
from troupe.edge.queries import Paging

KNOWN = Refusals([KERNEL])


class Body(BaseModel):
    reason: str
    note: str | None = None


class Seen(BaseModel):
    name: str


class Filter(Paging):
    status: str
    kind: str | None = None


COMMAND = Route(
    context="shop",
    name="CloseShop",
    method="POST",
    path="/v1/shop/shops/{shop_id}/close",
    operation=Operation(permission="user:suspend", body=Body, refusals=("invalid_transition", "unheard_of")),
    module="troupe.edge.endpoint",
    text="For good.",
)
QUERY = replace(
    COMMAND,
    name="GetShops",
    method="GET",
    path="/v1/shop/shops",
    operation=Operation(reply=Seen, parameters=Filter, reads_only=True),
    text="",
)


def with_(route=COMMAND, **fields):
    return replace(route, operation=replace(route.operation, **fields))


def documented(route):
    return Operations([route], KNOWN).paths()[route.path][route.method.lower()]


def codes(route):
    return {
        status: set(response["content"]["application/problem+json"]["examples"])
        for status, response in failures(route, KNOWN).items()
        if "content" in response
    }


def test_a_command():
    said = documented(COMMAND)
    assert (said["operationId"], said["summary"], said["tags"]) == ("CloseShop", "Close shop", ["shop"])
    assert said["x-permission"] == "user:suspend"
    assert "security" not in said
    assert said["requestBody"]["required"] is True
    assert said["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/CloseShopBody")
    assert said["responses"]["200"]["headers"].keys() == {"X-Request-Id", "ETag", "Idempotent-Replayed"}
    named = [each.get("name") or each["$ref"].rpartition("/")[2] for each in said["parameters"]]
    assert named == ["shop_id", "IfMatch", "IdempotencyKey", "CorrelationId"]
    assert said["parameters"][0]["schema"] == {"type": "string", "format": "uuid"}


def test_how_a_command_fails():
    assert codes(COMMAND) == {
        "400": {"malformed_json", "malformed_header"},
        "403": {"permission_required", "tenant_suspended", "tenant_cancelled"},
        "404": {"not_found"},
        "409": {"invalid_transition", "unheard_of", "contended"},
        "412": {"stale_version"},
        "415": {"unsupported_media_type"},
        "422": {"invalid_request", "idempotency_key_reused"},
    }
    assert {"401", "413", "429", "500", "503"} <= failures(COMMAND, KNOWN).keys()


def test_a_query():
    said = documented(QUERY)
    assert "requestBody" not in said
    parameters = {each["name"]: each for each in said["parameters"] if "name" in each}
    assert parameters.keys() == {"limit", "cursor", "status", "kind"}
    assert {"$ref": "#/components/parameters/IfNoneMatch"} in said["parameters"]
    assert said["responses"]["304"]["headers"].keys() == {"ETag"}
    assert parameters["status"]["required"] is True
    assert "example" not in parameters["kind"]
    assert parameters["kind"]["schema"] == {"type": "string"}
    assert parameters["limit"]["schema"]["maximum"] == 100
    refused = {"400": {"foreign_cursor"}, "403": {"person_required"}, "422": {"invalid_request"}}
    assert codes(QUERY) == refused
    assert "413" not in failures(QUERY, KNOWN)


def test_a_command_of_strangers_with_a_secret():
    route = with_(anonymous=True, secret=True, permission=None, status=201)
    said = documented(route)
    assert said["security"] == []
    assert said["x-permission"] is None
    assert said["responses"]["201"]["headers"].keys() == {"X-Request-Id", "ETag", "Location"}
    assert not said["responses"].keys() & {"401", "403", "412"}
    assert not takes_key(route)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"reply": Seen}, False),
        ({"status": 201}, False),
        ({"secret": True}, False),
        ({"anonymous": True, "permission": None}, False),
        ({"reads_only": True}, False),
    ],
)
def test_a_version_guards_what_changes_and_is_there(fields, expected):
    assert takes_version(with_(**fields)) is expected


def test_words():
    assert summary(QUERY) == "Get shops"
    assert "For good.\n\nTakes the permission `user:suspend`" in description(COMMAND)
    assert "Takes no token." in description(with_(anonymous=True, permission=None))
    assert "For anyone signed in." in description(QUERY)
    assert "Changes nothing." in description(QUERY)
    assert "carries secrets" in description(with_(secret=True))
    webhook = replace(with_(anonymous=True, permission=None), module="shop.webhook.till")
    assert "taken in once" in description(webhook)


def test_two_routes_of_a_name_are_refused():
    with pytest.raises(ValueError, match="CloseShop"):
        Operations([COMMAND, replace(COMMAND, path="/v1/shop/other")], KNOWN)


def test_a_refusal_says_who_may_not_come_in():
    route = replace(
        with_(refusals=("no_principal",), anonymous=True, permission=None), module="troupe.edge.principal"
    )
    assert codes(route)["401"] == {"no_principal"}
    assert "application/json" in failures(route, KNOWN)["401"]["content"]


def test_a_body_that_is_not_asked_for_is_refused():
    route = with_(body=NoBody)
    assert "requestBody" not in documented(route)
    assert "malformed_json" in codes(route)["400"]
    assert "invalid_request" in codes(route)["422"]
    assert "413" in failures(route, KNOWN)


@pytest.mark.parametrize(
    ("media", "status", "content", "names"),
    [
        ("image/gif", 200, {"image/gif": {"schema": {"type": "string"}}}, {"X-Request-Id"}),
        ("", 302, None, {"X-Request-Id", "Location"}),
    ],
)
def test_an_answer_that_is_no_json(media, status, content, names):
    shown = documented(with_(QUERY, media=media, status=status))["responses"][str(status)]
    assert shown.get("content") == content
    assert set(shown.get("headers", {})) == names


class TestNames:
    def test_are_told_apart_where_two_contexts_share_one(self):
        elsewhere = replace(COMMAND, context="night_market", path="/v1/night_market/shops/{shop_id}/close")
        names = [route.name for route in told_apart([COMMAND, QUERY, elsewhere])]
        assert names == ["ShopCloseShop", "GetShops", "NightMarketCloseShop"]

    def test_are_given_once_in_a_context(self):
        twice = told_apart([COMMAND, replace(COMMAND, path="/v1/shop/close")])
        with pytest.raises(ValueError, match="CloseShop"):
            Operations(twice, KNOWN)
