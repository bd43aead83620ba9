"""The shapes of what goes wrong, and the response that describes them."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, Field

from documents.api.schemas import COMPONENTS, Json
from troupe.edge import problems
from troupe.store.scope import Answer

INSTANCE = "urn:troupe:request:JKJaXmPLvHcESHA="


class FieldProblem(BaseModel):
    """What is wrong with one field of the request."""

    field: Annotated[str, Field(description="The path to it, with dots.", examples=["email"])]
    code: Annotated[str, Field(examples=["missing"])]
    detail: Annotated[str, Field(examples=["This field is required."])]


class Problem(BaseModel):
    """Problem details (RFC 9457). `code` is stable: decide by it, and show `detail` to a person."""

    type: Annotated[str, Field(description="Where the code is explained: its entry in the list of errors.")]
    title: str
    status: int
    code: str
    detail: str
    instance: Annotated[
        str,
        Field(description="The id of the request, also in `X-Request-Id`: quote it when you ask for help."),
    ]
    errors: Annotated[list[FieldProblem], Field(description="With 422: what is wrong with which field.")] = []


class GatewayMessage(BaseModel):
    """What the gateway answers by itself, before any function is called."""

    message: Annotated[str, Field(examples=["Unauthorized"])]


_TEXTS: Mapping[int, str] = {
    400: "It cannot be read.",
    401: "The caller is not signed in: the token is missing, invalid or expired.",
    403: "The principal may not do this.",
    404: "There is no such thing, or it is another tenant's.",
    409: "Refused. Nothing was changed.",
    412: "It has changed since it was read: `If-Match` names an older version.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "It is not of the expected form, or can never be accepted.",
    429: "Too many calls: of the tenant or from one address for the moment, or for the month's quota.",
    500: "Something went wrong on our side.",
    503: "Not available just now; try again.",
}
_GATEWAYS: Mapping[int, str] = {
    401: "Unauthorized",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
_HEADERS: Mapping[int, str] = {401: "WWW-Authenticate", 503: "Retry-After"}


def response(status: int, answers: Iterable[Answer]) -> Json:
    """The response of a status: an example for each problem, and what the gateway says instead of one."""
    by_code = {str(answer.body["code"]): answer.body for answer in answers}
    told = "\n".join(f"- `{code}`: {body['detail']}" for code, body in by_code.items())
    examples = {code: {"value": {**body, "instance": INSTANCE}} for code, body in by_code.items()}
    schema = {"$ref": f"{COMPONENTS}{Problem.__name__}"}
    described: Json = {"description": f"{_TEXTS[status]}\n\n{told}\n"}
    if status in _HEADERS:
        described["headers"] = header(_HEADERS[status])
    described["content"] = {problems.JSON: {"schema": schema, "examples": examples}, **_gateway(status)}
    return described


def _gateway(status: int) -> Json:
    if status not in _GATEWAYS:
        return {}
    schema = {"$ref": f"{COMPONENTS}{GatewayMessage.__name__}"}
    examples = {"gateway": {"value": {"message": _GATEWAYS[status]}}}
    return {"application/json": {"schema": schema, "examples": examples}}


def header(*names: str) -> Json:
    """Headers of a response, as components/headers describes them."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
