"""What happened to an aggregate, read from the table: its events in the order of their versions."""

from typing import Any

from troupe.store import keys, table
from troupe.store.attributes import pack
from troupe.store.envelope import Envelope


class Gap(Exception):  # noqa: N818 -- what is wrong with the stream
    """Events that must be there are not."""


def between(of: Envelope, after: int, upto: int) -> list[Envelope]:
    """All events of the stream that `of` belongs to, after one version and up to another."""
    pk = keys.aggregate(of.tenant_id, of.aggregate, of.aggregate_id)
    values = {":pk": pk, ":first": keys.event(after + 1), ":last": keys.event(upto)}
    query: Any = {
        "TableName": table.name(),
        "KeyConditionExpression": "PK = :pk AND SK BETWEEN :first AND :last",
        "ExpressionAttributeValues": pack(values),
        "ConsistentRead": True,
    }
    pages = table.client().get_paginator("query").paginate(**query)
    found = [Envelope.of_item(item) for page in pages for item in page["Items"]]
    if [event.version for event in found] != list(range(after + 1, upto + 1)):
        raise Gap(f"{len(found)} events of {of.aggregate} where {upto - after} must be")
    return found
