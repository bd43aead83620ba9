"""A transaction holds its items for a while, and who writes to one of them meanwhile is refused, as on AWS.

MiniStack applies a transaction in one go, so that TransactionConflict never happens. Here TransactWriteItems
takes its items, waits CONFLICT_SECONDS, and then evaluates and applies. On each of its items meanwhile
another transaction is cancelled with the reason TransactionConflict, a single write is refused by
TransactionConflictException, and the same ClientRequestToken by TransactionInProgressException; reads pass.
0 seconds is off.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import asyncio
import json
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import dynamodb

from local.emulator.held_items import HeldItems, reasons
from local.emulator.settings import CONFLICT_SECONDS

TRANSACTIONS = ("TransactWriteItems", "TransactGetItems")
SINGLE = ("PutItem", "UpdateItem", "DeleteItem")

handle_request = dynamodb.handle_request
held, tokens = HeldItems(), set[str]()

Item = tuple[str, ...]


def item_of(operation: dict[str, Any]) -> Item:
    name = operation.get("TableName", "").rsplit("/", 1)[-1]
    table = dynamodb._tables.get(name) or {}
    source = operation.get("Key") or operation.get("Item") or {}
    keys = (source.get(table.get(each) or "") for each in ("pk_name", "sk_name"))
    return (get_account_id(), get_region(), name, *(json.dumps(key, sort_keys=True) for key in keys))


def items_of(request: dict[str, Any]) -> list[Item]:
    return [item_of(operation) for item in request.get("TransactItems") or [] for operation in item.values()]


def cancelled(taken: list[bool]) -> Any:
    why = reasons(taken)
    codes = ", ".join(each["Code"] for each in why)
    answer = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        "CancellationReasons": why,
    }
    return 400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(answer).encode()


async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
    action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    if action not in (*TRANSACTIONS, *SINGLE):
        return await handle_request(method, path, headers, body, query)
    request = json.loads(body or b"{}")
    if action in SINGLE and any(held.conflicts([item_of(request)])):
        return error_response_json("TransactionConflictException", "Transaction is ongoing for the item", 400)
    if request.get("ClientRequestToken") in tokens:
        return error_response_json("TransactionInProgressException", "The transaction is in progress", 400)
    if action == "TransactGetItems" and any(taken := held.conflicts(items_of(request))):
        return cancelled(taken)
    if action != "TransactWriteItems":
        return await handle_request(method, path, headers, body, query)
    return await transact(request, (method, path, headers, body, query))


async def transact(request: dict[str, Any], given: tuple[Any, ...]) -> Any:
    """The token is known only from when the items are held: what is cancelled may come again under it."""
    hold = held.hold(items_of(request))
    if isinstance(hold, list):
        return cancelled(hold)
    token = {request["ClientRequestToken"]} if "ClientRequestToken" in request else set[str]()
    with hold:
        tokens.update(token)
        try:
            await asyncio.sleep(CONFLICT_SECONDS)
            return await handle_request(*given)
        finally:
            tokens.difference_update(token)


if CONFLICT_SECONDS:
    dynamodb.handle_request = handle
