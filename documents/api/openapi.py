"""docs/openapi.yaml: every route of every context, as OpenAPI 3.1."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from documents.api import own, words
from documents.api.failures import everywhere, failures, is_tagged
from documents.api.parameters import headers, parameters, request_headers, response_headers
from documents.api.problem import GatewayMessage, Problem, header
from documents.api.refusals import Refusals
from documents.api.schemas import Json, Mode, Schemas, Use
from documents.api.sharing import share_examples
from documents.contexts import Route, contexts, pascal, routes
from documents.places import KERNEL, ROOT
from documents.samples.examples import Examples
from troupe.edge.endpoint import NoBody, Operation


def version() -> str:
    """The version of the whole, from pyproject.toml."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def openapi() -> Json:
    """The document."""
    described = contexts()
    every = told_apart([route for context in described for route in routes(context)])
    known = Refusals([KERNEL, *(context.package for context in described)])
    operations = Operations(every, known)
    tags = [{"name": context.name, "description": context.description} for context in described]
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "Troupe", "version": version(), "description": words.introduction("openapi")},
        "servers": [{"url": "./", "description": "Where this document comes from."}],
        "security": [{"bearer": []}],
        "tags": [*tags, {"name": own.TAG, "description": "What the API is, for programs and for people."}],
        "paths": {**operations.paths(), **own.paths(version())},
        "components": {
            "securitySchemes": {"bearer": words.BEARER},
            "parameters": request_headers(),
            "headers": response_headers(),
            "responses": everywhere(),
            "schemas": operations.components(),
        },
    }
    return share_examples(document)


def told_apart(every: Sequence[Route]) -> list[Route]:
    """The routes; where two contexts have a name in common, each has its context's before it."""
    shared = {name for name, owners in _owners(every).items() if len(owners) > 1}
    return [
        replace(route, name=f"{pascal(route.context)}{route.name}") if route.name in shared else route
        for route in every
    ]


def _owners(every: Sequence[Route]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for route in every:
        found.setdefault(route.name, set()).add(route.context)
    return found


class Operations:
    """The operations of many routes, and the components that they share."""

    def __init__(self, every: Sequence[Route], known: Refusals) -> None:
        self._routes = every
        self._known = known
        self._schemas = Schemas(_uses(every), _named(every))
        self._examples = Examples(self._schemas.components)
        names = [route.name for route in every]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"two routes have the name {sorted(twice)}")

    def paths(self) -> Json:
        found: Json = {}
        for route in self._routes:
            found.setdefault(route.path, {})[route.method.lower()] = self._operation(route)
        return found

    def components(self) -> Json:
        """The schemas; a query string's fields are parameters and no component."""
        queries = {self._schemas.name(model, mode) for model, mode in _queries(self._routes)}
        known = sorted(self._schemas.components.items())
        return {name: _described(name, each) for name, each in known if name not in queries}

    def _operation(self, route: Route) -> Json:
        operation = route.operation
        query = self._schemas.components[self._schemas.name(operation.parameters, "validation")]
        taken = parameters(route, query, self._examples)
        body = {} if operation.body is NoBody else {"requestBody": self._body(operation)}
        return {
            "operationId": route.name,
            "summary": words.summary(route),
            "description": words.description(route),
            "tags": [route.context],
            **({"security": []} if operation.anonymous else {}),
            "x-permission": operation.required,
            **({"parameters": taken} if taken else {}),
            **body,
            "responses": self._responses(route),
        }

    def _responses(self, route: Route) -> Json:
        success = {str(route.operation.status): self._success(route)}
        return {**success, **_same(route), **failures(route, self._known)}

    def _body(self, operation: Operation) -> Json:
        model = operation.body
        required = any(field.is_required() for field in model.model_fields.values())
        return {"required": required, "content": self._content(model, "validation", operation.example)}

    def _success(self, route: Route) -> Json:
        said = headers(route)
        return {
            "description": HTTPStatus(route.operation.status).phrase,
            **({"headers": said} if said else {}),
            **self._said(route.operation),
        }

    def _said(self, operation: Operation) -> Json:
        """What an answer holds: JSON, or something for a browser, or nothing."""
        match operation.media:
            case None:
                return {"content": self._content(operation.reply, "serialization")}
            case "":
                return {}
            case media:
                return {"content": {media: {"schema": {"type": "string"}}}}

    def _content(self, model: type[BaseModel], mode: Mode, example: Mapping[str, Any] | None = None) -> Json:
        schema = self._schemas.ref(model, mode)
        shown = self._examples.of(schema) if example is None else dict(example)
        return {"application/json": {"schema": schema, "example": shown}}


def _same(route: Route) -> Json:
    """What is answered when the caller has it already."""
    if not is_tagged(route):
        return {}
    return {"304": {"description": "What `If-None-Match` names is what stands.", "headers": header("ETag")}}


def _described(name: str, schema: Json) -> Json:
    if "properties" not in schema:
        return schema
    return {**schema, "properties": words.described(name, schema["properties"])}


def _queries(every: Sequence[Route]) -> list[Use]:
    return [(NoBody, "validation"), *((route.operation.parameters, "validation") for route in every)]


def _uses(every: Sequence[Route]) -> list[Use]:
    """All that the routes take and give, and the shapes of what goes wrong."""
    fixed: list[type[BaseModel]] = [Problem, GatewayMessage, own.Health]
    return [
        *((model, "serialization") for model in fixed),
        *_queries(every),
        *((route.operation.body, "validation") for route in every),
        *((route.operation.reply, "serialization") for route in every),
    ]


def _named(every: Sequence[Route]) -> dict[type[BaseModel], str]:
    """A body is called after its command; a reply has a name of its own."""
    bodies: dict[type[BaseModel], str] = {route.operation.body: f"{route.name}Body" for route in every}
    bodies.pop(NoBody, None)
    return bodies
