"""The table in memory: as much of DynamoDB's client as the kernel calls, so that a year takes minutes.

An emulator may copy the whole table for each transaction. Here one thread writes at a time, and what is
written is told to `listeners`, as the stream would.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from bench.year import expressions
from bench.year.expressions import Given, Item

type Place = tuple[str, str]
INDEXES = ("GSI1", "GSI2")
FAILED = "ConditionalCheckFailed"


def given(asked: Mapping[str, Any]) -> Given:
    return {
        "names": asked.get("ExpressionAttributeNames", {}),
        "values": asked.get("ExpressionAttributeValues", {}),
    }


class Memory:
    """In the place of `boto3.client("dynamodb")`."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[Item], None]] = []
        self._items: dict[Place, Item] = {}
        self._partitions: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        self.transactions = 0

    def __len__(self) -> int:
        return len(self._items)

    # What is asked

    def get_item(self, **asked: Any) -> dict[str, Any]:
        found = self._items.get(_place(asked["Key"]))
        return {"Item": dict(found)} if found else {}

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        answers = {
            name: [dict(found) for key in wanted["Keys"] if (found := self._items.get(_place(key)))]
            for name, wanted in asked["RequestItems"].items()
        }
        return {"Responses": answers, "UnprocessedKeys": {}}

    def query(self, **asked: Any) -> dict[str, Any]:
        """All at once: there are no pages but for a `Limit`."""
        index = asked.get("IndexName", "")
        condition, beside = expressions.condition(asked["KeyConditionExpression"]), given(asked)
        places = self._partitions.get((index, _partition(asked, beside)), [])
        sort = f"{index}SK" if index else "SK"
        found = [self._items[place] for place in places if condition(self._items[place], beside)]
        found.sort(key=lambda item: item[sort]["S"], reverse=not asked.get("ScanIndexForward", True))
        if after := asked.get("ExclusiveStartKey"):
            keys = [_place(item) for item in found]
            found = found[keys.index(_place(after)) + 1 :]
        limit = asked.get("Limit", len(found))
        page = [dict(item) for item in found[:limit]]
        answer: dict[str, Any] = {"Items": page, "Count": len(page), "ScannedCount": len(page)}
        if len(found) > limit:
            names = ("PK", "SK", *((f"{index}PK", f"{index}SK") if index else ()))
            answer["LastEvaluatedKey"] = {name: found[limit - 1][name] for name in names}
        return answer

    def get_paginator(self, operation: str) -> "Pages":
        if operation != "query":
            raise ValueError(f"only queries have pages, not {operation}")
        return Pages(self)

    # What is written

    def put_item(self, **asked: Any) -> dict[str, Any]:
        return self._alone("Put", asked)

    def update_item(self, **asked: Any) -> dict[str, Any]:
        return self._alone("Update", asked)

    def delete_item(self, **asked: Any) -> dict[str, Any]:
        return self._alone("Delete", asked)

    def transact_write_items(self, **asked: Any) -> dict[str, Any]:
        actions = [next(iter(each.items())) for each in asked["TransactItems"]]
        reasons = [self._refusal(operation) for _, operation in actions]
        if any(reason["Code"] != "None" for reason in reasons):
            error = {"Code": "TransactionCanceledException", "Message": "cancelled"}
            raise ClientError({"Error": error, "CancellationReasons": reasons}, "TransactWriteItems")  # type: ignore[typeddict-unknown-key]
        self.transactions += 1
        written = [after for kind, operation in actions if (after := self._write(kind, operation))]
        self._tell(written)
        return {}

    def _alone(self, kind: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self._refusal(asked)["Code"] == FAILED:
            raise ClientError({"Error": {"Code": f"{FAILED}Exception", "Message": "failed"}}, f"{kind}Item")
        before = self._items.get(_place(asked.get("Key") or asked["Item"]), {})
        after = self._write(kind, asked)
        self._tell([after] if after else [])
        shown = {"ALL_NEW": after or {}, "ALL_OLD": before}.get(asked.get("ReturnValues", "NONE"))
        return {"Attributes": dict(shown)} if shown else {}

    def _refusal(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        held = self._items.get(_place(asked.get("Key") or asked["Item"]), {})
        text = asked.get("ConditionExpression")
        if text is None or expressions.condition(text)(held, given(asked)):
            return {"Code": "None"}
        return {"Code": FAILED} | ({"Item": dict(held)} if held else {})

    def _write(self, kind: str, asked: Mapping[str, Any]) -> Item | None:
        place = _place(asked.get("Key") or asked["Item"])
        before = self._items.get(place, {})
        match kind:
            case "Put":
                after: Item | None = dict(asked["Item"])
            case "Update":
                change = expressions.update(asked["UpdateExpression"])
                after = change({**before, **asked["Key"]}, given(asked))
            case "Delete":
                after = None
            case _:
                return None
        self._move(place, before, after or {})
        return after

    def _move(self, place: Place, before: Item, after: Item) -> None:
        for index in ("", *INDEXES):
            was, now = (each.get(f"{index}PK", {}).get("S") for each in (before, after))
            if was != now and was is not None:
                self._partitions[index, was].remove(place)
            if was != now and now is not None:
                insort(self._partitions[index, now], place)
        if after:
            self._items[place] = after
        else:
            self._items.pop(place, None)

    def _tell(self, written: Sequence[Item]) -> None:
        for listener in self.listeners:
            for item in written:
                listener(item)


class Pages:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield self._memory.query(**asked)


def _place(key: Mapping[str, Any]) -> Place:
    return key["PK"]["S"], key["SK"]["S"]


def _partition(asked: Mapping[str, Any], beside: Given) -> str:
    """The value that the key condition begins with: `PK = :pk`, or by a name."""
    value = asked["KeyConditionExpression"].split()[2]
    return str(beside["values"][value]["S"])
