"""What tests of documents ask of a document: where its references lead, and whether a value fits a schema in it."""

import json
import sys
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from documents.api.failures import ANYWHERE, problems
from documents.api.refusals import Refusals
from documents.contexts import Context, contexts, routes
from documents.places import KERNEL, ROOT
from troupe.edge.response import PROBLEMS

WHOLE = "urn:document"
_READING = Lock()  # of a hundred threads one reads the code, which takes seconds; a cache alone lets them all


@cache
def committed(name: str) -> Any:
    """A document as it is in docs/."""
    return yaml.safe_load((ROOT / "docs" / name).read_text())


def misfits(value: Any, schema: dict[str, Any], document: Any = None) -> list[str]:
    """What is wrong with a value; the schema's references lead into the document."""
    registry = Registry().with_resource(WHOLE, Resource.from_contents(document or {}, DRAFT202012))
    text = (
        json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{WHOLE}#/') if document else json.dumps(schema)
    )
    validator = Draft202012Validator(json.loads(text), registry=registry, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def problems_of(handler: Any, key: str) -> set[tuple[int, str]] | None:
    """Status and code of each problem that is documented for a command, or for a query by its route key.

    None for a handler that is no route.
    """
    said = getattr(handler, "declaration", None)
    if said and said.path:
        owner, key = said.context, f"{said.method} {said.path}"
    elif hasattr(handler, "operation"):
        owner, key = handler.__module__.partition(".")[0], handler.__module__
    else:
        owner = _asked(handler)
    context = next((each for each in contexts() if each.name == owner), None)
    with _READING:
        return context and _problems(context).get(key)


def _asked(handler: Any) -> str | None:
    """The context whose queries function it is."""
    modules = {each.name: sys.modules.get(f"{each.name}.queries") for each in contexts()}
    return next((name for name, each in modules.items() if getattr(each, "handler", None) is handler), None)


@cache
def _problems(context: Context) -> dict[str, set[tuple[int, str]]]:
    """By route key, and by the module of a handler that has a file of its own."""
    refusals = Refusals([KERNEL, context.package])
    anywhere = {(status, answer.body["code"]) for status, answers in ANYWHERE.items() for answer in answers}
    found = {}
    for route in routes(context):
        own = {(answer.status, answer.body["code"]) for answer in problems(route, refusals)}
        key = f"{route.method} {route.path.removeprefix(f'/v1/{context.name}')}"
        found[key] = found[route.module] = anywhere | own
    return found


def undocumented(handler: Any, event: dict[str, Any], response: dict[str, Any]) -> str:
    """What is wrong with an answer of a deployed route: a problem that its operation does not name."""
    if response["statusCode"] < PROBLEMS or not response["body"]:  # HEAD has none
        return ""
    named = problems_of(handler, event.get("routeKey", ""))
    seen = (response["statusCode"], json.loads(response["body"])["code"])
    return "" if named is None or seen in named else f"{seen} is not named in the refusals of {handler}"


def resolve(document: Any, reference: str) -> Any:
    """What a reference leads to; `LookupError` if nowhere."""
    found = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def nodes(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every mapping in a document, with where it stands."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from nodes(value, (*path, str(key)))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, (*path, str(index)))


def references(document: Any) -> list[str]:
    return [node["$ref"] for _, node in nodes(document) if isinstance(node.get("$ref"), str)]


def closed(schema: Any) -> Any:
    """The schema with no room for fields that it does not name."""
    match schema:
        case {"properties": dict(properties), **rest}:
            inner = {name: closed(each) for name, each in properties.items()}
            return {"additionalProperties": False, **closed(rest), "properties": inner}
        case dict():
            return {key: closed(value) for key, value in schema.items()}
        case list():
            return [closed(value) for value in schema]
        case _:
            return schema
