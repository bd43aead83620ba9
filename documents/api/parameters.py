"""What a request carries beside its body -- path, query and headers -- and the headers of the answer."""

import re
from collections.abc import Mapping

from documents.api.failures import is_tagged, takes_key, takes_version
from documents.api.problem import header
from documents.api.schemas import Json, alone
from documents.api.words import texts
from documents.contexts import Route
from documents.samples.examples import Examples
from documents.samples.samples import identifier
from troupe.edge import fields
from troupe.edge.endpoint import Operation
from troupe.edge.request import ETAG, WORD

UUID: Json = {"type": "string", "format": "uuid"}

POST = f"{identifier('community_id')}.{identifier('post_id')}"  # its id begins with its community's

# By name; any other that ends in _id, and `id`, is a UUID.
_PATH: Mapping[str, Json] = {
    **{
        name: {"schema": {"type": "string"}, "example": example}
        for name, example in {
            "post_id": POST,
            "comment_id": f"{POST}.{identifier('comment_id')}",
            "report_id": f"{POST}.{identifier('user_id')}",
        }.items()
    },
    "aggregate": {"schema": {"type": "string", "pattern": "^[a-z_]+$"}, "example": "user"},
    "flag": {"schema": {"type": "string"}, "example": "new_checkout"},
    "id": {"schema": {"type": "string"}, "example": identifier("user_id")},
    "role_id": {
        "description": "Of one of the tenant's own roles, or the name of one that every tenant has.",
        "schema": {"type": "string"},
        "example": "admin",
    },
    "slug": {
        "description": "The tenant's name in addresses.",
        "schema": alone(fields.Slug),
        "example": "acme",
    },
}


def request_headers() -> Json:
    """components/parameters. They have no examples, which the page would fill in."""
    return {
        "IfMatch": {
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` of the version that the change is meant for.",
            "schema": {"type": "string", "pattern": rf"^(\*|{ETAG})$"},
        },
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` of what you have: while it is the same, the answer is 304.",
            "schema": {"type": "string"},
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "A word that is new for each request that is meant; good for 48 hours.",
            "schema": {"type": "string", "pattern": f"^{WORD}$"},
        },
        "CorrelationId": {
            "name": "X-Correlation-Id",
            "in": "header",
            "description": "Goes with every event that comes of the request; else the request's own id does.",
            "schema": {"type": "string", "pattern": f"^{WORD}$"},
        },
    }


def response_headers() -> Json:
    """components/headers."""
    text: Json = {"type": "string"}
    return {
        "ETag": {
            "description": "The version it stands at, and of what is read a digest of the answer.",
            "schema": text,
            "example": '"4.9f86d081884c"',
        },
        "Idempotent-Replayed": {
            "description": "This is what the first request under the key was answered.",
            "schema": {"type": "string", "enum": ["true"]},
        },
        "Location": {
            "description": "Where the new one is.",
            "schema": {"type": "string", "format": "uri-reference"},
            "example": f"/v1/identity/users/{identifier('id')}",
        },
        "Retry-After": {"description": "Seconds to wait.", "schema": text, "example": "1"},
        "WWW-Authenticate": {"description": "The scheme.", "schema": text, "example": "Bearer"},
        "X-Request-Id": {
            "description": "The id of this request. Quote it when you ask for help.",
            "schema": text,
            "example": "JKJaXmPLvHcESHA=",
        },
    }


def parameters(route: Route, query: Json, examples: Examples) -> list[Json]:
    """Of a route; `query` is the schema of its query string."""
    in_path = [
        {"name": name, "in": "path", "required": True, **_in_path(name)}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    required = query.get("required", [])
    in_query = [
        _in_query(name, schema, required=name in required, examples=examples)
        for name, schema in query.get("properties", {}).items()
    ]
    shared = [
        *(["IfMatch"] if takes_version(route) else []),
        *(["IfNoneMatch"] if is_tagged(route) else []),
        *(["IdempotencyKey"] if takes_key(route) else []),
        *([] if route.operation.reads_only else ["CorrelationId"]),
    ]
    return [*in_path, *in_query, *({"$ref": f"#/components/parameters/{name}"} for name in shared)]


def headers(route: Route) -> Json:
    """Of the success."""
    operation = route.operation
    return header(
        "X-Request-Id",
        *(["ETag"] if is_tagged(route) or _has_version(operation) else []),
        *(["Location"] if operation.status in {201, 302} else []),
        *(["Idempotent-Replayed"] if takes_key(route) else []),
    )


def _has_version(operation: Operation) -> bool:
    return operation.media is None and "version" in operation.reply.model_fields


def _in_path(name: str) -> Json:
    described = {"description": said} if (said := texts("parameters").get(name)) else {}
    if name in _PATH:
        return {**described, **_PATH[name]}
    if name.endswith("_id"):
        return {**described, "schema": UUID, "example": identifier(name)}
    return {**described, "schema": {"type": "string"}, "example": name}


def _in_query(name: str, schema: Json, *, required: bool, examples: Examples) -> Json:
    """One parameter; a null default is said by leaving it out."""
    choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    rest = {
        key: value
        for key, value in schema.items()
        if key not in {"anyOf", "description"} and value is not None
    }
    plain = {**rest, **choices[0]} if len(choices) == 1 else schema
    text = schema.get("description") or texts("parameters").get(name)
    said = {"description": text} if text else {}
    shown = {"example": examples.of(plain, name)} if required else {}
    return {"name": name, "in": "query", **said, "required": required, "schema": plain, **shown}
