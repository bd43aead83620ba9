"""Reads of several items at once, and the only place that queries."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from troupe.store import table
from troupe.store.attributes import pack, unpack
from troupe.store.commit import ATTEMPTS, pause
from troupe.store.keys import Key

MOST_KEYS = 100


def batch(targets: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """The items that are there, by key, in one round trip; what DynamoDB leaves out is asked for again."""
    name, found = table.name(), dict[Key, dict[str, Any]]()
    due: Any = [{"PK": {"S": key.pk}, "SK": {"S": key.sk}} for key in dict.fromkeys(targets)]
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


def many(targets: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """The items that are there, however many are asked for: a hundred in a round trip."""
    due, found = list(dict.fromkeys(targets)), dict[Key, dict[str, Any]]()
    for start in range(0, len(due), MOST_KEYS):
        found |= batch(due[start : start + MOST_KEYS])
    return found


def one(key: Key) -> dict[str, Any] | None:
    return batch([key]).get(key)


class Rows(NamedTuple):
    """What a query found, and whether there is more after the last of it."""

    items: list[dict[str, Any]]
    more: bool


def first(most: int, query: Mapping[str, Any]) -> Rows:
    """The first items that a query finds: `most`, or as many of them as DynamoDB reads at once (1 MB).

    That fewer came does not say that there is no more: `LastEvaluatedKey` says it.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
    """
    answer = _query({**query, "Limit": most + 1})
    items = [unpack(item) for item in answer["Items"]]
    return Rows(items=items[:most], more=len(items) > most or "LastEvaluatedKey" in answer)


def every(query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All items that a query finds, in as many round trips as it takes."""
    start: dict[str, Any] = {}
    while True:
        answer = _query({**query, **start})
        yield from map(unpack, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _query(given: dict[str, Any]) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = table.client().query(TableName=table.name(), **given)
    return answer


def between(pk: str, first: str, last: str) -> list[dict[str, Any]]:
    """All items of a partition from one sort key to another, both included."""
    query = {
        "KeyConditionExpression": "PK = :pk AND SK BETWEEN :first AND :last",
        "ExpressionAttributeValues": pack({":pk": pk, ":first": first, ":last": last}),
        "ConsistentRead": True,
    }
    return list(every(query))


def listed(index: Literal["GSI1", "GSI2"], pk: str, first: str, last: str) -> list[dict[str, Any]]:
    """All that an index has of a partition from one sort key to another, as its `summary` shows it."""
    query = {
        "IndexName": index,
        "KeyConditionExpression": "#pk = :pk AND #sk BETWEEN :first AND :last",
        "ExpressionAttributeNames": {"#pk": f"{index}PK", "#sk": f"{index}SK"},
        "ExpressionAttributeValues": pack({":pk": pk, ":first": first, ":last": last}),
    }
    return [item["summary"] for item in every(query)]
