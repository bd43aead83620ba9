"""Every property of every request body refuses each JSON type that its schema does not name."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from documents.contexts import Route, contexts, routes
from troupe.domain import limits

VALUES = {
    "boolean": [True],
    "integer": [1],
    "number": [500.0, 1.5],
    "string": ["1", "yes", "2026-01-01T00:00:00Z"],
    "array": [[]],
    "object": [{}],
    "null": [None],
}
ROUTES = {
    f"{route.context}.{route.name}": route
    for context in contexts()
    for route in routes(context)
    if route.operation.body.model_fields
}

type Path = tuple[str | int, ...]


def properties(schema: Any, whole: Any, path: Path = ()) -> Iterator[tuple[Path, set[str]]]:
    """Each place of a body, with the JSON types that it takes."""
    cases = [*alternatives(schema, whole)]
    types = {each["type"] for each in cases if "type" in each}
    if path and len(types) == len({each.get("type") for each in cases}):
        yield path, types
    for each in cases:
        for name, inner in each.get("properties", {}).items():
            yield from properties(inner, whole, (*path, name))
        if "items" in each:
            yield from properties(each["items"], whole, (*path, 0))


def alternatives(schema: Any, whole: Any) -> Iterator[Any]:
    if "$ref" in schema:
        yield from alternatives(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    elif several := schema.get("anyOf") or schema.get("oneOf"):
        for each in several:
            yield from alternatives(each, whole)
    elif "const" in schema or "enum" in schema:
        yield {"type": "string", **schema}
    else:
        yield schema


def body(path: Path, value: Any) -> Any:
    """The smallest body that has the value at that place."""
    if not path:
        return value
    inner = body(path[1:], value)
    return [inner] if path[0] == 0 else {path[0]: inner}


def refused(route: Route, path: Path, value: Any) -> bool:
    """Whether one of the errors is at that place."""
    try:
        route.operation.body.model_validate_json(json.dumps(body(path, value)), strict=True)
    except ValidationError as invalid:
        return any(within(path, error["loc"]) for error in invalid.errors())
    return False


def within(path: Path, place: Path) -> bool:
    """Whether a place leads along the path; cases of a union stand in it too."""
    steps = iter(place)
    return all(step in steps for step in path)


@pytest.mark.parametrize("name", ROUTES)
def test_a_property_takes_its_own_types_alone(name):
    route, taken = ROUTES[name], list[str]()
    schema = route.operation.body.model_json_schema()
    for path, types in properties(schema, schema):
        allowed = types | ({"integer"} if "number" in types else set())
        for kind, values in VALUES.items():
            if kind not in allowed:
                taken += [f"{path} takes {value!r}" for value in values if not refused(route, path, value)]
    assert taken == []


def test_the_check_finds_a_body_that_is_read_loosely():
    route = ROUTES["commerce.CreateProduct"]
    path = ("variants", 0, "price_cents")
    assert refused(route, path, 500.0)
    loose = route.operation.body.model_validate_json
    with pytest.raises(ValidationError) as invalid:
        loose(json.dumps(body(path, 500.0)))
    assert not any(within(path, error["loc"]) for error in invalid.value.errors())


def test_every_pattern_of_a_body_has_words():
    """An error names what a pattern asks for, never the pattern."""
    patterns = set().union(
        *(_patterns(route.operation.body.model_json_schema()) for route in ROUTES.values())
    )
    assert limits.ONE_LINE in patterns
    assert patterns - limits.MEANINGS.keys() == set()


def _patterns(node: object) -> set[str]:
    match node:
        case dict():
            own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
            return own.union(*map(_patterns, node.values()))
        case list():
            return set().union(*map(_patterns, node))
        case _:
            return set()
