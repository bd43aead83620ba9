"""Sample invocations of the functions: built from their routes, or a file of events/*/invocations."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from documents.contexts import Route, contexts, routes
from documents.samples.given import given
from documents.samples.golden import CORRELATION, EVENTS
from documents.samples.sample_ids import ADMIN, OPERATOR, PERSON, SUPPLIER, SYSTEM, TENANT, in_path
from troupe.security.roles import BUILT_IN, NAMES, OPERATOR_ONLY

ADDRESS = "203.0.113.7"

type Event = dict[str, Any]


class UnknownFunction(LookupError):  # noqa: N818 -- an answer to the person who asked for it
    """There is no sample of that name."""


def invocation(route: Route) -> Event:
    """The event of the HTTP API (payload 2.0) for a route, whose idempotency key is the operation's name."""
    _, _, path = route.path.removeprefix("/v1/").partition("/")
    key, case = f"{route.method} /{path}", given(f"{route.context}.{route.name}")
    names = re.findall(r"{(\w+)}", path)
    principal = _principal(route)
    body = None if route.operation.example is None else json.dumps(route.operation.example)
    return {
        "version": "2.0",
        "routeKey": key,
        "pathParameters": {name: case.path.get(name) or in_path(name) for name in names},
        "queryStringParameters": dict(case.query),
        "headers": {"idempotency-key": route.name, **({"content-type": "application/json"} if body else {})},
        **({"body": body} if body else {}),
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": CORRELATION,
            "routeKey": key,
            "http": {"sourceIp": ADDRESS, "method": route.method},
            **({"authorizer": {"lambda": principal}} if principal else {}),
        },
    }


def _principal(route: Route) -> Mapping[str, Any] | None:
    """Who would make the request, by the permission: operator, person, supplier or administrator."""
    permission = route.operation.required
    if route.operation.anonymous:
        return None
    if permission in OPERATOR_ONLY:
        kind, who, held = "operator", OPERATOR, BUILT_IN["operator"]
    elif permission is None or permission in BUILT_IN["leader"]:
        kind, who, held = "user", PERSON, BUILT_IN["leader"]
    elif permission in BUILT_IN["supplier"]:
        kind, who, held = "supplier", SUPPLIER, BUILT_IN["supplier"]
    else:
        kind, who, held = "user", ADMIN, NAMES - OPERATOR_ONLY
    return {
        "principal_id": given(f"{route.context}.{route.name}").actor or who,
        "kind": kind,
        "tenant_id": SYSTEM if kind == "operator" else TENANT,
        "permissions": sorted(held),
        "standing": "active",
        "zone": "UTC",
    }


@cache
def sampled() -> Mapping[str, Route]:
    """The route of every function that has one, by `context.Function`; the queries of a context are one."""
    return {
        f"{context.name}.{name}": route
        for context in contexts()
        for name, route in _of_functions(routes(context))
    }


def _of_functions(every: list[Route]) -> Iterator[tuple[str, Route]]:
    for route in every:
        if not route.name.startswith("Get"):
            yield route.name, route
    plain = [route for route in every if route.name.startswith("Get") and not _required(route)]
    if plain:
        yield "Queries", min(plain, key=lambda route: len(route.path))


def _required(route: Route) -> list[str]:
    """What the query string of a route must have."""
    fields = route.operation.parameters.model_fields
    return [name for name, field in fields.items() if field.is_required()]


def sample(function: str) -> Event:
    """The sample invocation of `context.Function`; a function of the root is `root.Function`."""
    owner, _, name = function.partition(".")
    file = EVENTS / owner / "invocations" / f"{snake(name)}.json"
    if file.exists():
        event: Event = json.loads(file.read_text(encoding="utf-8"))
        return event
    if function not in sampled():
        raise UnknownFunction(f"{function} has no route: write {file.relative_to(EVENTS.parent)}")
    return invocation(sampled()[function])


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
