"""The envelope: an event as the table stores it, the bus carries it and a projection receives it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from troupe.domain.upcasting import EventUpcasters, upcast_event
from troupe.store.attributes import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`aggregate` is the kind of the stream, whose versions have no gap; `occurred_at` is RFC 3339, UTC.

    `personal`: what `data` shows blank, encrypted, by subject (personal.py opens it).
    """

    id: str
    type: str
    tenant_id: str
    aggregate: str
    aggregate_id: str
    version: int
    occurred_at: str
    actor: str
    correlation_id: str
    schema_version: int
    data: Mapping[str, Any]
    causation_id: str | None = None
    personal: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of_item(cls, item: Mapping[str, Any]) -> Self:
        """The event in a table item or a stream image (DynamoDB's attribute values)."""
        return cls.of_row(unpack(item))

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """The event in an item that is unpacked already."""
        return cls.of({**row, "data": json.loads(row["data"])})

    @classmethod
    def of(cls, detail: Mapping[str, Any]) -> Self:
        """The event in the detail of a message from the bus; fields that are not known yet are left aside."""
        return cls(**{name: detail[name] for name in cls.__slots__ if name in detail})

    def upcast(self, upcasters: EventUpcasters) -> Self:
        """The event as the newest version of its type has it; one of an unknown version, as it is."""
        version, data = upcast_event(upcasters, self.type, self.schema_version, self.data)
        return self if version == self.schema_version else replace(self, schema_version=version, data=data)

    def detail(self) -> dict[str, Any]:
        detail = asdict(self)
        return detail if self.personal else {name: detail[name] for name in detail if name != "personal"}
