"""What the documents say in prose."""

from collections.abc import Mapping
from functools import cache

import yaml

from documents.api.failures import takes_key, takes_version
from documents.api.schemas import Json
from documents.contexts import Route
from documents.places import TEXTS
from troupe.security import roles

BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The `access_token` that signing in gives; paste it without the word Bearer.",
}


def introduction(document: str) -> str:
    """What a document says first, from a file of documents/texts."""
    return (TEXTS / f"{document}.md").read_text()


def summary(route: Route) -> str:
    """`RegisterUser` as a person says it: Register user."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in route.name)
    return words.strip().capitalize()


def description(route: Route) -> str:
    """What it does for its caller, who may call it, and whether it can be repeated."""
    said = [texts("operations").get(route.name, ""), route.text, _who(route), _again(route)]
    return "\n\n".join(filter(None, said)) + "\n"


@cache
def texts(kind: str) -> Mapping[str, str]:
    """Sentences by name: of operations, of parameters or of properties."""
    found: Mapping[str, str] = yaml.safe_load((TEXTS / f"{kind}.yaml").read_text(encoding="utf-8"))
    return found


def described(schema: str, properties: Mapping[str, Json]) -> Json:
    """The properties of a schema with a description each: its own, that of its place, or that of its name."""
    known = texts("properties")
    found = {name: known.get(f"{schema}.{name}") or known.get(name) for name in properties}
    return {
        name: {"description": found[name], **each} if found[name] else each
        for name, each in properties.items()
    }


def _who(route: Route) -> str:
    operation = route.operation
    if operation.anonymous:
        return "Takes no token."
    standing = "" if operation.reads_only else " Not while the tenant is suspended."
    if not operation.required:
        return f"For anyone signed in.{standing}"
    meaning = next(each.description for each in roles.CATALOGUE if each.name == operation.required)
    what = f"{meaning[:1].lower()}{meaning[1:]}"
    return f"Takes the permission `{operation.required}` ({what}).{standing}"


def _again(route: Route) -> str:
    if route.operation.reads_only:
        return "Changes nothing."
    if ".webhook." in route.module:
        return "What comes again is answered alike, and taken in once."
    if not takes_key(route):
        return "Takes no `Idempotency-Key`, since it carries secrets."
    version = ", and `If-Match` guards against another's change in between" if takes_version(route) else ""
    return f"An `Idempotency-Key` makes it safe to repeat{version}."
