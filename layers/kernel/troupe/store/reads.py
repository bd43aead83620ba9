"""Reads of several items at once, consistent."""

from collections.abc import Sequence
from typing import Any, Literal

from troupe.store import table
from troupe.store.attributes import pack, unpack
from troupe.store.commit import ATTEMPTS, pause
from troupe.store.keys import Key

MOST_KEYS = 100


def batch(wanted: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """The items that are there, by key, in one round trip; what DynamoDB leaves out is asked for again."""
    name, found = table.name(), dict[Key, dict[str, Any]]()
    due: Any = [{"PK": {"S": key.pk}, "SK": {"S": key.sk}} for key in dict.fromkeys(wanted)]
    if len(due) > MOST_KEYS:
        raise ValueError(f"a batch reads {MOST_KEYS} items, not {len(due)}")
    for attempt in range(ATTEMPTS):
        answer = table.client().batch_get_item(RequestItems={name: {"Keys": due, "ConsistentRead": True}})
        for item in answer["Responses"].get(name, []):
            plain = unpack(item)
            found[Key(plain["PK"], plain["SK"])] = plain
        left = answer["UnprocessedKeys"].get(name)
        if not left:
            return found
        due = left["Keys"]
        pause(attempt)
    raise table.Unavailable("the table does not keep up")


def many(wanted: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """The items that are there, however many are asked for: a hundred in a round trip."""
    due, found = list(dict.fromkeys(wanted)), dict[Key, dict[str, Any]]()
    for start in range(0, len(due), MOST_KEYS):
        found |= batch(due[start : start + MOST_KEYS])
    return found


def one(key: Key) -> dict[str, Any] | None:
    return batch([key]).get(key)


def between(pk: str, first: str, last: str) -> list[dict[str, Any]]:
    """All items of a partition from one sort key to another, both included."""
    pages = (
        table.client()
        .get_paginator("query")
        .paginate(
            TableName=table.name(),
            KeyConditionExpression="PK = :pk AND SK BETWEEN :first AND :last",
            ExpressionAttributeValues=pack({":pk": pk, ":first": first, ":last": last}),
            ConsistentRead=True,
        )
    )
    return [unpack(item) for page in pages for item in page["Items"]]


def listed(index: Literal["GSI1", "GSI2"], pk: str, first: str, last: str) -> list[dict[str, Any]]:
    """All that an index has of a partition from one sort key to another, as its `summary` shows it."""
    pages = (
        table.client()
        .get_paginator("query")
        .paginate(
            TableName=table.name(),
            IndexName=index,
            KeyConditionExpression="#pk = :pk AND #sk BETWEEN :first AND :last",
            ExpressionAttributeNames={"#pk": f"{index}PK", "#sk": f"{index}SK"},
            ExpressionAttributeValues=pack({":pk": pk, ":first": first, ":last": last}),
        )
    )
    return [unpack(item)["summary"] for page in pages for item in page["Items"]]
