"""moto copies the whole table once for each action of a transaction, to roll back to; one copy is enough."""

import copy
from types import SimpleNamespace
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend, Table


def one_copy_for_each_transaction(patch: pytest.MonkeyPatch) -> None:
    """Makes tests with many items in the table several times as fast; what moto does stays the same.

    Nothing changes between the copies, so that the first is as good as the last. Calls come one at a time.
    """
    transact, copies = DynamoDBBackend.transact_write_items, dict[int, Any]()

    def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        copies.clear()
        try:
            transact(self, transact_items)
        finally:
            copies.clear()

    def deepcopy(value: Any) -> Any:
        if not isinstance(value, Table):
            return copy.deepcopy(value)
        if id(value) not in copies:
            copies[id(value)] = copy.deepcopy(value)
        return copies[id(value)]

    patch.setattr(DynamoDBBackend, "transact_write_items", transact_write_items)
    patch.setattr("moto.dynamodb.models.copy", SimpleNamespace(deepcopy=deepcopy, copy=copy.copy))
