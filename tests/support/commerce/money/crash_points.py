"""Kills the product at any moment before or after a write or a call of Stripe; and the table as it was before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from moto.dynamodb.models import dynamodb_backends

from support.faulty_client import Crash
from troupe.store import table
from troupe.stripe import client as stripe_client

type Raw = dict[str, Any]


@dataclass
class Reaper:
    """Counts the moments before and after each step of the product's, and strikes at one of them."""

    at: int | None = None
    passed: int = 0

    def moment(self) -> None:
        self.passed += 1
        if self.passed - 1 == self.at:
            raise Crash

    @contextmanager
    def watching(self) -> Iterator[None]:
        events, call = table.client().meta.events, stripe_client.call

        def around(work: Callable[[Any], Any]) -> Any:
            self.moment()
            found = call(work)
            self.moment()
            return found

        def strike(**_: Any) -> None:
            self.moment()

        names = [f"{when}-call.dynamodb.TransactWriteItems" for when in ("before", "after")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stripe_client, "call", around)
            for name in names:
                events.register(name, strike)
            try:
                yield
            finally:
                for name in names:
                    events.unregister(name, strike)


def rewinding() -> Callable[[], None]:
    """Brings the table back to how it is now, as often as wished."""
    client = table.client()
    base = _items(client)

    def rewind() -> None:
        now = _items(client)
        for pk, sk in now.keys() - base.keys():
            client.delete_item(TableName="t", Key={"PK": {"S": pk}, "SK": {"S": sk}})
        for key, item in base.items():
            if now.get(key) != item:
                client.put_item(TableName="t", Item=item)
        for backend in dynamodb_backends["123456789012"].values():  # each transaction copies all of it
            for each in backend.tables.values():
                each.stream_shard.items.clear()

    return rewind


def _items(client: Any) -> dict[tuple[str, str], Raw]:
    found = client.scan(TableName="t", ConsistentRead=True)["Items"]
    return {(item["PK"]["S"], item["SK"]["S"]): item for item in found}
