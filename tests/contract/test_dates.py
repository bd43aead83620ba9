"""No request takes a number for a day or an instant, which pydantic by itself would."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from documents.contexts import contexts, routes
from troupe.domain.limits import Written
from troupe.edge import fields
from troupe.edge.queries import Days

MODELS = {
    model
    for context in contexts()
    for route in routes(context)
    for model in (route.operation.body, route.operation.parameters)
}


def loose(schema: Any, *, checked: bool = False) -> Iterator[str]:
    """The days and instants of a model's core schema that no `Written` stands before."""
    match schema:
        case {"type": "function-before", "function": {"function": check}, "schema": inner}:
            yield from loose(inner, checked=isinstance(getattr(check, "__self__", None), Written))
        case {"type": "date" | "datetime" as kind} if not checked:
            yield kind
        case dict():
            for each in schema.values():
                yield from loose(each, checked=checked and schema["type"].startswith("function"))
        case list() | tuple():
            for each in schema:
                yield from loose(each)


def test_every_day_and_instant_of_a_request_is_checked_as_it_is_written():
    for model in MODELS:
        model.model_rebuild()
    found = {
        f"{model.__module__}.{model.__qualname__}": list(loose(model.__pydantic_core_schema__))
        for model in MODELS
    }
    assert {name: kinds for name, kinds in found.items() if kinds} == {}


@pytest.mark.parametrize(
    "first", ["1767225600", "2026-01-01T00:00:00Z", "20260101", "2026-1-1", "2026-13-01", "1e9", ""]
)
def test_a_number_is_no_day(first):
    with pytest.raises(ValidationError):
        Days.model_validate({"from": first, "to": "2026-01-01"})


@pytest.mark.parametrize(
    "at",
    ["1767225600", "2026-01-01", "2026-01-01T12:00:00", "0001-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z"],
)
def test_a_number_is_no_instant(at):
    with pytest.raises(ValidationError):
        TypeAdapter(fields.Instant).validate_python(at)
    assert TypeAdapter(fields.Instant).validate_python("2026-01-01T12:00:00+02:00") == datetime(
        2026, 1, 1, 10, tzinfo=UTC
    )
