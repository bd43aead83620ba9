"""What goes over the wire to AWS: counted with its capacity, recorded, and played again without a network."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

READ_UNIT, NUMBER_OVERHEAD = 4096, 1


@dataclass(slots=True)
class Traffic:
    """What one call of a handler did."""

    round_trips: int = 0
    writes: float = 0.0  # write units, as the emulator counts them
    reads: float = 0.0  # read units, from the sizes of what was read
    others: int = 0  # calls to other services
    actions: int = 0  # of its transactions
    exchanges: list[AWSResponse] = field(default_factory=list)


def size_of(value: Mapping[str, Any]) -> int:
    """Bytes of an attribute value, by the rules of
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    kind, held = next(iter(value.items()))
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return math.ceil(len(held.lstrip("-").replace(".", "")) / 2) + NUMBER_OVERHEAD
        case "M":
            return 3 + item_size(held) + len(held)
        case "L":
            return 3 + sum(size_of(each) + 1 for each in held)
        case _:
            return 1


def item_size(item: Mapping[str, Any]) -> int:
    return sum(len(name.encode()) + size_of(value) for name, value in item.items())


def read_units(operation: str, given: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Read units: a get pays per item, a query for the sum; half of it where stale reads are allowed."""
    if operation == "BatchGetItem":
        asked = sum(len(table["Keys"]) for table in given["RequestItems"].values())
        found = [item for items in answer["Responses"].values() for item in items]
        consistent = all(table.get("ConsistentRead") for table in given["RequestItems"].values())
        units = sum(map(_units, found)) + asked - len(found)
    elif operation == "GetItem":
        consistent = bool(given.get("ConsistentRead"))
        units = _units(answer["Item"]) if "Item" in answer else 1
    elif operation == "Query":
        consistent = bool(given.get("ConsistentRead"))
        units = max(1, math.ceil(sum(map(item_size, answer["Items"])) / READ_UNIT))
    else:
        return 0.0
    return units if consistent else units / 2


def _units(item: Mapping[str, Any]) -> int:
    return max(1, math.ceil(item_size(item) / READ_UNIT))


def write_units(answer: Mapping[str, Any]) -> float:
    consumed = answer.get("ConsumedCapacity") or []
    several = consumed if isinstance(consumed, list) else [consumed]
    return sum(each.get("WriteCapacityUnits", 0.0) for each in several)


class Counter:
    """Hooks on a client that count what it does."""

    def __init__(self) -> None:
        self.traffic, self._given = Traffic(), dict[str, Any]()

    def watch(self, client: Any) -> None:
        events = client.meta.events
        events.register("provide-client-params.dynamodb.*", self._ask)
        events.register("after-call.dynamodb.*", self._count)

    def leave(self, client: Any) -> None:
        events = client.meta.events
        events.unregister("provide-client-params.dynamodb.*", self._ask)
        events.unregister("after-call.dynamodb.*", self._count)

    def _ask(self, params: dict[str, Any], model: Any, **_: Any) -> dict[str, Any]:
        asking = (
            {"ReturnConsumedCapacity": "TOTAL"}
            if "ReturnConsumedCapacity" in model.input_shape.members
            else {}
        )
        self._given = {**params, **asking}
        return self._given

    def _count(self, parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        self.traffic.round_trips += 1
        self.traffic.writes += write_units(parsed)
        self.traffic.actions += len(self._given.get("TransactItems", ()))
        if "Error" not in parsed:
            self.traffic.reads += read_units(model.name, self._given, parsed)


@contextmanager
def recorded(exchanges: list[AWSResponse]) -> Iterator[None]:
    """Keep every response that comes in."""

    def keep(send: Callable[..., Any], session: Any, request: Any) -> Any:
        response = send(session, request)
        exchanges.append(response)
        return response

    with _sending(keep):
        yield


@contextmanager
def replayed(exchanges: list[AWSResponse]) -> Iterator[None]:
    """Answer every request with what was kept, in the order of the first time, again and again."""
    number = 0

    def answer(_send: Callable[..., Any], _session: Any, _request: Any) -> Any:
        nonlocal number
        response = exchanges[number % len(exchanges)]
        number += 1
        return response

    with _sending(answer):
        yield


@contextmanager
def _sending(instead: Callable[[Callable[..., Any], Any, Any], Any]) -> Iterator[None]:
    send, session = URLLib3Session.send, cast("Any", URLLib3Session)
    session.send = lambda self, request: instead(send, self, request)
    try:
        yield
    finally:
        session.send = send
