"""The routes of the root's documents API, which answer with files rather than models."""

from pydantic import BaseModel

from documents.api import words
from documents.api.problem import response
from documents.api.schemas import COMPONENTS, Json
from troupe.edge.problems import answered
from troupe.store.transact import Unknown

TAG = "documents"


class Health(BaseModel):
    """That it answers, and what is deployed."""

    status: str
    version: str


def paths(version: str) -> Json:
    """The paths of root.documents."""
    health: Json = {
        "schema": {"$ref": f"{COMPONENTS}Health"},
        "example": {"status": "ok", "version": version},
    }
    missing = {"404": response(404, [answered(Unknown())])}
    kinds = _file("text/javascript", "text/css", "image/png", "text/html")
    asset = {
        **_read("GetDocsAsset", "What the page is made of", {**kinds, **missing}),
        "parameters": [_ASSET],
    }
    return {
        **{f"/{name}": {"get": _link(name, text)} for name, text in _LINKS.items()},
        "/asyncapi.json": {"get": _read("GetAsyncApi", "The events, as AsyncAPI", _document())},
        "/docs": {"get": _read("GetDocs", "This document as a page, to read and to try", _file("text/html"))},
        "/docs/{asset}": {"get": asset},
        "/health": {
            "get": _read("GetHealth", "Whether it answers", {"200": _ok({"application/json": health})})
        },
        "/openapi.json": {"get": _read("GetOpenApi", "This document", _document())},
    }


_LINKS = {
    "confirm-email": "confirms a new address",
    "invitation": "accepts an invitation",
    "reset-password": "sets a new password",
    "verify": "confirms an address and sets a password",
    "verify-supplier": "confirms a supplier's address and sets a password",
}


def _link(name: str, text: str) -> Json:
    operation = "".join(word.capitalize() for word in name.split("-"))
    return _read(f"Get{operation}Page", f"The page of a mail's link, which {text}", _file("text/html"))


_ASSET: Json = {
    "name": "asset",
    "in": "path",
    "description": words.texts("parameters")["asset"],
    "required": True,
    "schema": {"type": "string"},
    "example": "swagger-ui.css",
}


def _read(name: str, summary: str, responses: Json) -> Json:
    fixed = {status: {"$ref": f"#/components/responses/Problem{status}"} for status in ("429", "500", "503")}
    return {
        "operationId": name,
        "summary": summary,
        "description": "Takes no token.\n\nChanges nothing.\n",
        "tags": [TAG],
        "security": [],
        "x-permission": None,
        "responses": {**responses, **fixed},
    }


def _ok(content: Json) -> Json:
    return {"description": "As asked.", "content": content}


def _document() -> Json:
    return _conditional({"application/json": {"schema": {"type": "object"}}})


def _file(*kinds: str) -> Json:
    return _conditional({kind: {"schema": {"type": "string"}} for kind in kinds})


def _conditional(content: Json) -> Json:
    return {"200": _ok(content), "304": {"description": "What `If-None-Match` names is what stands."}}
