"""What the root's documents function serves is the committed documents, and a page that needs nothing from elsewhere."""

import gzip
import json
import re
from base64 import b64decode

import pytest

from documents.files import HEADER
from documents.places import SERVED
from root.documents import ASSETS, PAGES, ROUTES, handler
from support.openapi import committed
from support.spec import LAMBDA
from troupe.edge.problems import answered
from troupe.store.transact import Unknown


def get(route, *, asset=None, **headers):
    event = {
        "routeKey": f"GET {route}",
        "headers": {name.replace("_", "-"): text for name, text in headers.items()},
    }
    return handler(event | ({"pathParameters": {"asset": asset}} if asset else {}), LAMBDA)


def content(response):
    body = b64decode(response["body"]) if response.get("isBase64Encoded") else response["body"].encode()
    packed = response["headers"].get("content-encoding") == "gzip"
    return gzip.decompress(body).decode() if packed else body.decode()


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_a_document_is_the_committed_one(name):
    response = get(f"/{name}.json")
    served = json.loads(content(response))
    assert served.pop("x-generated") == HEADER
    assert served == committed(f"{name}.yaml")
    assert (response["statusCode"], response["headers"]["content-type"]) == (200, "application/json")


def test_health():
    response = get("/health")
    assert json.loads(response["body"]) == {
        "status": "ok",
        "version": committed("openapi.yaml")["info"]["version"],
    }
    assert response["headers"]["cache-control"] == "no-store"


def test_the_page_takes_everything_from_here():
    response = get("/docs")
    page = content(response)
    linked = re.findall(r'(?:src|href)="([^"]+)"', page)
    names = {link.removeprefix("docs/") for link in linked if link.startswith("docs/")}
    assert {PAGES.get(name, name) for name in names} == ASSETS.keys() - {"link.css", "link.js"}
    assert {f"GET /{link}" for link in linked if not link.startswith("docs/")} <= ROUTES.keys()
    assert "<script>" not in page
    assert not re.search(r"\son\w+=|style=", page)
    assert response["headers"]["content-type"].startswith("text/html")


def test_the_page_may_run_nothing_else():
    policy = get("/docs")["headers"]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "//" not in policy
    assert "script-src" not in get("/openapi.json")["headers"]["content-security-policy"]


@pytest.mark.parametrize("asset", sorted(ASSETS))
def test_what_the_page_is_made_of(asset):
    response = get("/docs/{asset}", asset=asset)
    kinds = {"js": "text/javascript", "css": "text/css", "html": "text/html", "png": "image/png"}
    kind = kinds[asset.rpartition(".")[2]]
    assert response["statusCode"] == 200
    assert response["headers"]["content-type"].startswith(kind)
    assert response["headers"]["x-content-type-options"] == "nosniff"
    assert "max-age=3600" in response["headers"]["cache-control"]
    assert len(response["body"]) < 5 * 2**20, "Lambda answers with at most 6 MB"


def test_the_type_of_a_problem_leads_to_its_code():
    address, _, code = answered(Unknown()).body["type"].partition("#")
    response = get("/docs/{asset}", asset=address.removeprefix("/docs/"))
    assert response["headers"]["content-type"].startswith("text/html")
    assert "script-src 'self'" in response["headers"]["content-security-policy"]
    assert f'<a id="{code}"></a>' in content(response)


def test_the_script_starts_swagger_ui_with_the_document():
    script = content(get("/docs/{asset}", asset="start.js"))
    assert 'url: "openapi.json"' in script
    assert "persistAuthorization: false" in script
    assert "SwaggerUIBundle" in content(get("/docs/{asset}", asset="swagger-ui-bundle.js"))


@pytest.mark.parametrize("asset", ["../documents.py", "page.html", "openapi.json", "swagger-ui.css.map", ""])
def test_nothing_else_is_served(asset):
    response = get("/docs/{asset}", asset=asset)
    assert (response["statusCode"], json.loads(response["body"])["code"]) == (404, "not_found")
    assert response["headers"]["content-type"] == "application/problem+json"


def test_an_unknown_route():
    assert get("/elsewhere")["statusCode"] == 404


def test_every_path_that_there_is_answers_head_without_a_body():
    response = unrouted("HEAD", "/docs/start.js")
    assert (response["statusCode"], response["body"]) == (200, "")
    assert response["headers"]["content-type"].startswith("text/javascript")


def test_another_method_is_told_which_there_are():
    response = unrouted("POST", "/openapi.json")
    problem = json.loads(response["body"])
    assert (response["statusCode"], problem["code"]) == (405, "method_not_allowed")
    assert response["headers"]["allow"] == "GET, HEAD"
    assert (response["headers"]["x-request-id"], problem["instance"]) == ("r1", "urn:troupe:request:r1")
    assert unrouted("OPTIONS", "/openapi.json")["statusCode"] == 204


@pytest.mark.parametrize("path", ["/", "/v1/elsewhere/things", "/openapi.json/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_an_unknown_path_is_a_problem(method, path):
    response = unrouted(method, path)
    assert (response["statusCode"], response["headers"]["x-request-id"]) == (404, "r1")


def unrouted(method, path):
    context = {"requestId": "r1", "http": {"method": method}}
    return handler({"routeKey": "$default", "rawPath": path, "requestContext": context}, None)


def test_what_a_browser_has_is_not_sent_again():
    first = get("/openapi.json")
    again = get("/openapi.json", if_none_match=first["headers"]["etag"])
    assert (again["statusCode"], again["body"]) == (304, "")
    assert again["headers"]["etag"] == first["headers"]["etag"]
    assert get("/openapi.json", if_none_match='W/"another"')["statusCode"] == 200


def test_what_is_large_is_packed_for_who_can_unpack_it():
    plain = get("/docs/{asset}", asset="swagger-ui-bundle.js")
    packed = get("/docs/{asset}", asset="swagger-ui-bundle.js", accept_encoding="gzip, deflate, br")
    assert content(packed) == content(plain)
    assert len(packed["body"]) < len(plain["body"]) / 2
    assert packed["headers"]["vary"] == "accept-encoding, origin"


def test_it_is_served_as_it_was_written():
    assert content(get("/docs")) == (SERVED / "page.html").read_text()


def test_a_missing_layer_is_said(monkeypatch):
    from root import documents

    monkeypatch.setattr(documents, "find_spec", lambda _name: None)
    with pytest.raises(ModuleNotFoundError, match="layer"):
        documents._content.__wrapped__("swagger-ui.css")
