"""What happened to an aggregate, read from the table: its events in the order of their versions."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from troupe.store import keys, table
from troupe.store.attributes import pack
from troupe.store.envelope import Envelope


class Gap(Exception):  # noqa: N818 -- what is wrong with the stream
    """Events that must be there are not."""


def between(of: Envelope, after: int, upto: int) -> list[Envelope]:
    """All events of the stream that `of` belongs to, after one version and up to another."""
    pk = keys.aggregate(of.tenant_id, of.aggregate, of.aggregate_id)
    return list(chain.from_iterable(pages(pk, after, upto)))


def pages(pk: str, after: int, upto: int) -> Iterator[list[Envelope]]:
    """The same of the stream in a partition, at most 1 MB at a time; raises `Gap`."""
    values = {":pk": pk, ":first": keys.event(after + 1), ":last": keys.event(upto)}
    query: Any = {
        "TableName": table.name(),
        "KeyConditionExpression": "PK = :pk AND SK BETWEEN :first AND :last",
        "ExpressionAttributeValues": pack(values),
        "ConsistentRead": True,
    }
    last = after
    for page in table.client().get_paginator("query").paginate(**query):
        events = [Envelope.of_item(item) for item in page["Items"]]
        if [event.version for event in events] != list(range(last + 1, last + len(events) + 1)):
            break
        last += len(events)
        if events:
            yield events
    if last != upto:
        raise Gap(f"after version {last} where {upto} must be")
