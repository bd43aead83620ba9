"""What the API is (/docs, openapi.json, asyncapi.json, /health), and the pages that mails link to."""

import gzip
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from troupe.edge.paths import Match, matches
from troupe.observability import logger, metrics

VERSION = "0.1.0"

SERVED = Path(__file__).parent / "served"
SWAGGER_UI = "static/drf_spectacular_sidecar/swagger-ui-dist"

ASSETS: Mapping[str, str] = {  # and their types; the pages' own are in SERVED, the others in a layer
    "errors.html": "text/html; charset=utf-8",
    "favicon-32x32.png": "image/png",
    "link.css": "text/css; charset=utf-8",
    "link.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "start.js": "text/javascript; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
PAGES = {"errors": "errors.html"}  # by the address that a problem's `type` names
LINKS = ("verify", "verify-supplier", "invitation", "reset-password", "confirm-email")  # where mails lead to
JSON = "application/json"
STRICT = "default-src 'none'; frame-ancestors 'none'"
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": STRICT,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "vary": "origin",
    "x-content-type-options": "nosniff",
}

type Event = Mapping[str, Any]
type Response = dict[str, Any]


class Content(NamedTuple):
    body: bytes
    packed: bytes  # by gzip
    etag: str


def handler(event: Event, _context: Any) -> Response:
    asked = _as_get(event)
    answer: Response = ROUTES.get(asked.get("routeKey", ""), _unrouted)(asked)
    answer["headers"] = {**HEADERS, "x-request-id": _request_id(event), **answer["headers"]}
    if _method(event) == "HEAD":
        answer.update(body="", isBase64Encoded=False)
    logger.info("answered", extra={"route": event.get("routeKey"), "status": answer["statusCode"]})
    metrics.add_metric(name=f"Status{answer['statusCode'] // 100}xx", unit="Count", value=1)
    metrics.flush_metrics()
    return answer


def _as_get(event: Event) -> Event:
    """The GET that a HEAD asks about, where its path has one."""
    found = _known(event) if _method(event) == "HEAD" else []
    if not found:
        return event
    return {**event, "routeKey": f"GET {found[0].path}", "pathParameters": found[0].parameters}


def _known(event: Event) -> list[Match]:
    return matches(event.get("rawPath", ""), [key.removeprefix("GET ") for key in ROUTES])


def _method(event: Event) -> str:
    return str(event.get("requestContext", {}).get("http", {}).get("method", "GET"))


def _request_id(event: Event) -> str:
    return str(event.get("requestContext", {}).get("requestId", ""))


def _health(_event: Event) -> Response:
    body = json.dumps({"status": "ok", "version": VERSION})
    return {"statusCode": 200, "headers": {"content-type": JSON, "cache-control": "no-store"}, "body": body}


def _document(name: str) -> Callable[[Event], Response]:
    return lambda event: _file(event, name, {"content-type": JSON})


def _page(name: str) -> Callable[[Event], Response]:
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": PAGE}
    return lambda event: _file(event, name, headers)


def _asset(event: Event) -> Response:
    path: Mapping[str, str] = event.get("pathParameters") or {}
    name = PAGES.get(path.get("asset", ""), path.get("asset", ""))
    if name not in ASSETS:
        return _missing(event)
    kind = ASSETS[name]
    policy = {"content-security-policy": PAGE} if kind.startswith("text/html") else {}
    return _file(event, name, {"content-type": kind, "cache-control": "public, max-age=3600", **policy})


def _unrouted(event: Event) -> Response:
    """A path that is of no context either, or a method that its path does not have."""
    if not _known(event):
        return _missing(event)
    allowed = {"allow": "GET, HEAD"}
    if _method(event) == "OPTIONS":
        return {"statusCode": 204, "headers": allowed, "body": ""}
    return _problem(event, 405, "method_not_allowed", "This path takes GET, HEAD.", allowed)


def _missing(event: Event) -> Response:
    return _problem(event, 404, "not_found", "There is no such thing.", {})


def _problem(event: Event, status: int, code: str, detail: str, headers: Mapping[str, str]) -> Response:
    problem = {
        "type": f"/docs/errors#{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": f"urn:troupe:request:{_request_id(event)}",
    }
    said = {"content-type": "application/problem+json", "cache-control": "no-store", **headers}
    return {"statusCode": status, "headers": said, "body": json.dumps(problem)}


def _file(event: Event, name: str, headers: Mapping[str, str]) -> Response:
    """A file, packed for who can unpack it; nothing at all for who has it already."""
    asked: Mapping[str, str] = event.get("headers") or {}
    content = _content(name)
    said = {"cache-control": "no-cache", **headers, "etag": content.etag, "vary": "accept-encoding, origin"}
    if content.etag in asked.get("if-none-match", ""):
        return {"statusCode": 304, "headers": said, "body": ""}
    body = content.body
    if "gzip" in asked.get("accept-encoding", ""):
        body, said = content.packed, {**said, "content-encoding": "gzip"}
    return {"statusCode": 200, "headers": said, "body": b64encode(body).decode(), "isBase64Encoded": True}


@cache
def _content(name: str) -> Content:
    own = SERVED / name
    body = (own if own.exists() else _swagger_ui() / name).read_bytes()
    packed = gzip.compress(body, mtime=0)
    return Content(body=body, packed=packed, etag=f'W/"{sha256(body).hexdigest()[:32]}"')


def _swagger_ui() -> Path:
    """Where the layer has Swagger UI; its package is found but not imported, since that would take Django."""
    found = find_spec("drf_spectacular_sidecar")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the layer with Swagger UI is missing")
    return Path(found.submodule_search_locations[0]) / SWAGGER_UI


ROUTES: Mapping[str, Callable[[Event], Response]] = {
    "GET /openapi.json": _document("openapi.json"),
    "GET /asyncapi.json": _document("asyncapi.json"),
    "GET /health": _health,
    "GET /docs": _page("page.html"),
    **{f"GET /{name}": _page("link.html") for name in LINKS},
    "GET /docs/{asset}": _asset,
}
