"""dynamodb:LeadingKeys, the partition keys that a request names, of the table or of the index it queries.

MiniStack never sets it, so ForAllValues on it allows every tenant everything, and with Null beside it denies
everything.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.core import iam_actions
from ministack.services import dynamodb

KEY_CONDITION = re.compile(r"([#\w.-]+)\s*=\s*(:\w+)")

service_context = iam_actions.dynamodb_service_context


def partition_key(table_name: str, index: str | None = None) -> str | None:
    table = dynamodb._tables.get(table_name.rsplit("/", 1)[-1]) or {}
    indexes = (table.get("GlobalSecondaryIndexes") or []) + (table.get("LocalSecondaryIndexes") or [])
    keyed = next((one for one in indexes if one["IndexName"] == index), table)
    return next((k["AttributeName"] for k in keyed.get("KeySchema", []) if k["KeyType"] == "HASH"), None)


def of_item(table_name: str, item: dict[str, Any] | None) -> Iterator[str]:
    value = (item or {}).get(partition_key(table_name))
    if value:
        yield next(iter(value.values()))


def of_query(request: dict[str, Any]) -> Iterator[str]:
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    key = partition_key(request.get("TableName", ""), request.get("IndexName"))
    for left, right in KEY_CONDITION.findall(request.get("KeyConditionExpression", "")):
        if names.get(left, left) == key and right in values:
            yield next(iter(values[right].values()))


def of_operation(request: dict[str, Any]) -> Iterator[str]:
    yield from of_item(request.get("TableName", ""), request.get("Key"))
    yield from of_item(request.get("TableName", ""), request.get("Item"))
    yield from of_query(request)


def of_batch(table_name: str, request: Any) -> Iterator[str]:
    match request:
        case {"Keys": keys}:
            for key in keys:
                yield from of_item(table_name, key)
        case [*writes]:
            for write in writes:
                put, delete = write.get("PutRequest") or {}, write.get("DeleteRequest") or {}
                yield from of_item(table_name, put.get("Item") or delete.get("Key"))


def leading_keys(request: dict[str, Any]) -> Iterator[str]:
    yield from of_operation(request)
    for operations in request.get("TransactItems") or []:
        for operation in operations.values():
            yield from of_operation(operation)
    for table_name, batch in (request.get("RequestItems") or {}).items():
        yield from of_batch(table_name, batch)


def context_with_keys(body: bytes) -> dict[str, Any]:
    context = service_context(body)
    try:
        keys = list(leading_keys(json.loads(body or b"{}")))
    except (ValueError, AttributeError):
        keys = []
    return {**context, **({"dynamodb:LeadingKeys": keys} if keys else {})}


iam_actions.dynamodb_service_context = context_with_keys
