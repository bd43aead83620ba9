"""The envelope: an event as the table stores it, the bus carries it and a projection receives it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from troupe.store.attributes import unpack


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`aggregate` is the kind of the stream, whose versions have no gap; `occurred_at` is RFC 3339, UTC."""

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

    @classmethod
    def of_item(cls, item: Mapping[str, Any]) -> Self:
        """The event in a table item or a stream image (DynamoDB's attribute values)."""
        plain = unpack(item)
        return cls.of({**plain, "data": json.loads(plain["data"])})

    @classmethod
    def of(cls, detail: Mapping[str, Any]) -> Self:
        """The event in the detail of a message from the bus; fields that are not known yet are left aside."""
        return cls(**{name: detail[name] for name in cls.__slots__ if name in detail})

    def detail(self) -> dict[str, Any]:
        return asdict(self)
