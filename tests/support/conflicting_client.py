"""A client under which transactions conflict as on DynamoDB: each holds its items for some milliseconds.

moto checks and writes in one go, so that no two of its transactions ever meet.
"""

from collections.abc import Hashable
from threading import Event, Lock
from typing import Any

from botocore.exceptions import ClientError

from local.emulator.held_items import CODE, HeldItems, reasons

SINGLE = ("put_item", "update_item", "delete_item")


class Conflicting:
    """Wraps a client; one call at a time goes to it, as moto itself has no lock."""

    def __init__(self, client: Any, seconds: float = 0.005) -> None:
        self.client, self.seconds, self.conflicts = client, seconds, 0
        self._held, self._one_at_a_time = HeldItems(), Lock()

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)

        def call(*named: Any, **given: Any) -> Any:
            if name in SINGLE and any(self._held.conflicts([_item(given)])):
                raise self._refused(f"{CODE}Exception")
            with self._one_at_a_time:
                return real(*named, **given)

        return call

    def transact_write_items(self, **given: Any) -> Any:
        items = [_item(each) for action in given["TransactItems"] for each in action.values()]
        hold = self._held.hold(items)
        if isinstance(hold, list):
            raise self._refused("TransactionCanceledException", CancellationReasons=reasons(hold))
        with hold:
            Event().wait(self.seconds)
            with self._one_at_a_time:
                return self.client.transact_write_items(**given)

    def _refused(self, code: str, **more: Any) -> ClientError:
        self.conflicts += 1
        return ClientError({"Error": {"Code": code, "Message": code}, **more}, "TransactWriteItems")


def _item(given: dict[str, Any]) -> Hashable:
    key = given.get("Key") or given["Item"]
    return key["PK"]["S"], key["SK"]["S"]
