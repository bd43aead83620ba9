"""The reference says what operations, parameters and properties are: in the caller's words, and each of them.

Properties are on the way: the number of those without a description may only become less.
"""

import re
from collections import Counter

import pytest

from documents.api.openapi import told_apart
from documents.api.words import texts
from documents.contexts import contexts, routes
from support.openapi import committed, references

OPENAPI = committed("openapi.yaml")
ROUTES = {route.name: route for route in told_apart([each for one in contexts() for each in routes(one)])}
OPERATIONS = [
    pytest.param(operation, id=operation["operationId"])
    for methods in OPENAPI["paths"].values()
    for operation in methods.values()
]
INSIDE = re.compile(
    r"\b(Query|Queries|batch(es)?|BatchGetItem|GetItem|PutItem|round trips?|GSI\d|partition)\b"
)
WITHOUT = {"commerce": 385, "community": 152, "documents": 1, "identity": 0, "recovery": 249, "talent": 0}
"""Properties of the schemas that a context's operations use and that nothing describes yet."""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_begins_with_a_sentence_for_its_caller(operation):
    first = operation["description"].partition("\n")[0]
    assert first.endswith((".", ":")), first
    assert not first.startswith(("Takes the permission", "For anyone signed in", "Changes nothing")), (
        "say what it does in its docstring or in documents/texts/operations.yaml"
    )
    assert not INSIDE.search(operation["description"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_parameter_is_described(operation):
    for each in operation.get("parameters", []):
        assert "$ref" in each or each["description"], each["name"]


def test_every_text_is_of_something():
    assert texts("operations").keys() <= ROUTES.keys()
    named = {
        each["name"]
        for operation in OPERATIONS
        for each in operation.values[0].get("parameters", [])
        if "name" in each
    }
    assert texts("parameters").keys() <= named
    schemas = OPENAPI["components"]["schemas"]
    every = {name for schema in schemas.values() for name in schema.get("properties", {})}
    places = {f"{name}.{each}" for name, schema in schemas.items() for each in schema.get("properties", {})}
    assert texts("properties").keys() <= every | places


def test_ever_fewer_properties_are_without_a_description():
    assert without() == WITHOUT, "lower the numbers to these; they never rise"


def without():
    """By context, of the schemas that its operations lead to."""
    schemas, found = OPENAPI["components"]["schemas"], Counter()
    for tag in {each.values[0]["tags"][0] for each in OPERATIONS}:
        used = reached([each.values[0] for each in OPERATIONS if each.values[0]["tags"][0] == tag])
        properties = [each for name in used for each in schemas[name].get("properties", {}).values()]
        found[tag] = sum("description" not in each for each in properties)
    return dict(found)


def reached(operations):
    schemas, found = OPENAPI["components"]["schemas"], set()
    near = {name for each in operations for name in named(each)}
    while near:
        found |= near
        near = {name for each in near for name in named(schemas[each])} - found
    return found


def named(node):
    return {each.rpartition("/")[2] for each in references(node) if "/schemas/" in each}
