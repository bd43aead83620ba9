"""Requests that no route of their own takes: HEAD, which is answered as GET, and unknown paths and methods.

The gateway sends them to the context's queries function, HEAD with a principal and the rest without one.
A GET that changes something (a link in a mail that is counted) has no HEAD.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from troupe.edge.paths import matches
from troupe.edge.request import Malformed
from troupe.store.scope import Answer
from troupe.store.transact import Unknown

HEAD = "HEAD /{proxy+}"
DEFAULT = "$default"
METHODS = "methods.json"  # in each context's package, written by `make generate`

type Event = Mapping[str, Any]
type Methods = Mapping[str, Sequence[str]]


class MethodNotAllowed(Malformed):
    """The path has no such method; `allowed` are those that it has."""

    def __init__(self, allowed: Sequence[str]) -> None:
        listed = ", ".join(allowed)
        super().__init__("method_not_allowed", f"This path takes {listed}.", 405)
        self.headers = {"allow": listed}


@cache
def methods_of(context: str) -> Methods:
    """The methods of each path of a context."""
    found: Methods = json.loads(files(context).joinpath(METHODS).read_text(encoding="utf-8"))
    return found


def as_get(event: Event, paths: Sequence[str]) -> dict[str, Any]:
    """The GET that a HEAD asks about, where one of these paths has it; else the event as it is."""
    method, _, path = str(event.get("routeKey", "")).partition(" ")
    if method == "HEAD" and path in paths:
        return {**event, "routeKey": f"GET {path}"}
    found = matches(_path(event, ""), paths) if event.get("routeKey") == HEAD else []
    if not found:
        return dict(event)
    return {**event, "routeKey": f"GET {found[0].path}", "pathParameters": dict(found[0].parameters)}


def answer(event: Event, context: str) -> Answer:
    """What becomes of a request that no route takes."""
    methods = allowed(_path(event, context), methods_of(context))
    if event["requestContext"].get("http", {}).get("method") == "OPTIONS":
        return Answer(status=204, body={}, headers={"allow": ", ".join(methods)} if methods else {})
    if methods:
        raise MethodNotAllowed(methods)
    raise Unknown("path")


def allowed(path: str, methods: Methods) -> list[str]:
    """Every method that the path has; none where there is no such path."""
    return sorted({method for match in matches(path, methods) for method in methods[match.path]})


def _path(event: Event, context: str) -> str:
    """The path below the context's prefix, which a request has that came by the domain."""
    given: Mapping[str, str] = event.get("pathParameters") or {}
    if "proxy" in given:
        return f"/{given['proxy']}"
    return str(event.get("rawPath", "")).removeprefix(f"/v1/{context}")
