"""Every event type, its envelope as a JSON Schema, and an example of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import Any

from documents.api.schemas import Json, alone
from documents.contexts import deciders
from documents.samples.examples import Examples
from documents.samples.golden import IncompleteGolden, golden
from documents.samples.samples import INSTANT, identifier
from troupe.domain.personal import declared
from troupe.store.envelope import Envelope

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UUID: Json = {"type": "string", "format": "uuid"}

# What the envelope's annotations do not say.
_FORMS: Mapping[str, Json] = {
    "id": {**UUID, "description": "Of the event: a UUIDv7. The same event can come more than once."},
    "type": {"description": "What happened: `{entity}.{action}`."},
    "tenant_id": {"type": "string", "description": "Whose it is; `@` for what belongs to no tenant."},
    "aggregate": {"description": "The kind of the stream that it is from."},
    "aggregate_id": {"description": "Which stream of that kind."},
    "version": {"minimum": 1, "description": "Its place in the stream, without a gap."},
    "occurred_at": {"format": "date-time", "description": "UTC."},
    "actor": {"description": "Who caused it: a principal's id, `anonymous` or `system`."},
    "correlation_id": {"description": "Of the request that it came of."},
    "schema_version": {"minimum": 1, "description": "Of `data`. Unknown fields may be added at any time."},
    "causation_id": {"description": "The event that caused it, if one did."},
    "personal": {
        "description": "What `data` shows blank, encrypted (AES-SIV), by the person it is about: fields with "
        "`x-personal`. The examples show them in plain. Once the person is erased, nothing opens it."
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """An event as its decider declares it."""

    context: str
    aggregate: str
    name: str  # user.created
    version: int
    shape: type[Any]

    @property
    def file(self) -> str:
        return f"{self.name}.v{self.version}.json"

    @property
    def text(self) -> str:
        """What the class says of itself; a dataclass without words has its signature there."""
        said = cleandoc(self.shape.__doc__ or "")
        return "" if said.startswith(f"{self.shape.__name__}(") else said

    def data(self, prefix: str = "#/$defs/") -> Json:
        schema = alone(self.shape, prefix)
        for name, mark in declared(self.shape).items():
            schema["properties"][name] = {**schema["properties"][name], "x-personal": mark.of}
        return schema

    def schema(self) -> Json:
        """The envelope with this event in it, self-contained."""
        data = self.data()
        definitions = data.pop("$defs", {})
        return {
            "$schema": DIALECT,
            "$id": f"urn:troupe:event:{self.name}:v{self.version}",
            "title": self.name,
            **({"description": self.text} if self.text else {}),
            **envelope(self, data),
            **({"$defs": definitions} if definitions else {}),
        }

    def golden(self) -> Json | None:
        """The event that is kept as the contract, if there is one."""
        try:
            return golden(self.context, self.name).detail()
        except IncompleteGolden:
            return None

    def example(self) -> Json:
        """The golden event, else one made from the schema."""
        if (golden := self.golden()) is not None:
            return golden
        schema = self.schema()
        made: Json = Examples(schema.get("$defs", {})).of(schema)
        return {
            **made,
            **_ENVELOPE,
            "actor": identifier("user_id"),
            "aggregate_id": identifier(self.aggregate),
        }


_ENVELOPE: Json = {
    "id": identifier("event"),
    "tenant_id": identifier("tenant_id"),
    "version": 1,
    "occurred_at": INSTANT,
    "causation_id": None,
}


def envelope(event: EventType, data: Json) -> Json:
    """The envelope's schema, closed to one event."""
    plain = alone(Envelope)
    plain["properties"].pop("data")
    if not declared(event.shape):
        plain["properties"].pop("personal")
    properties = {name: {**schema, **_FORMS[name]} for name, schema in plain["properties"].items()}
    fixed = {"type": event.name, "aggregate": event.aggregate, "schema_version": event.version}
    for name, value in fixed.items():
        properties[name] |= {"const": value}
    return {"type": "object", "required": plain["required"], "properties": {**properties, "data": data}}


@cache
def events() -> tuple[EventType, ...]:
    """All of them, by context and name."""
    found = [
        EventType(
            context=decider.context,
            aggregate=decider.name,
            name=name,
            version=getattr(shape, "SCHEMA_VERSION", 1),
            shape=shape,
        )
        for decider in deciders()
        for name, shape in decider.events.items()
    ]
    names = [event.name for event in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two streams have the event {sorted(twice)}")
    return tuple(sorted(found, key=lambda event: (event.context, event.name)))
