"""A client that fails on purpose: throttled, in conflict, its response lost, or the process gone before or after."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError


class Crash(BaseException):
    """The process ends here: nothing in the product may catch it."""


def _refused(code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}, **more}, "TransactWriteItems")


def throttle(call: Callable[[], Any]) -> Any:
    raise _refused("ThrottlingException")


def conflict(call: Callable[[], Any]) -> Any:
    raise _refused("TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}])


def all_conflict(call: Callable[[], Any], actions: int = 3) -> Any:
    """So many actions, each of which meets another transaction."""
    reasons = [{"Code": "TransactionConflict"}] * actions
    raise _refused("TransactionCanceledException", CancellationReasons=reasons)


def held(call: Callable[[], Any]) -> Any:
    """A write of one item, which a transaction has."""
    raise _refused("TransactionConflictException")


def throttled_inside(call: Callable[[], Any]) -> Any:
    raise _refused(
        "TransactionCanceledException", CancellationReasons=[{"Code": "ThrottlingError"}, {"Code": "None"}]
    )


def lost(call: Callable[[], Any]) -> Any:
    """The write was done, and its response got lost."""
    call()
    raise ReadTimeoutError(endpoint_url="http://dynamodb")


def unsent(call: Callable[[], Any]) -> Any:
    raise ReadTimeoutError(endpoint_url="http://dynamodb")


def crash_before(call: Callable[[], Any]) -> Any:
    raise Crash


def crash_after(call: Callable[[], Any]) -> Any:
    call()
    raise Crash


def fine(call: Callable[[], Any]) -> Any:
    return call()


class Faulty:
    """Wraps a client; each call of one operation takes the next fault of the script, then all is fine."""

    def __init__(
        self,
        client: Any,
        script: list[Callable[[Callable[[], Any]], Any]],
        operation: str = "transact_write_items",
    ) -> None:
        self.client, self.script, self.operation, self.calls, self.tokens = (
            client,
            list(script),
            operation,
            0,
            [],
        )

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)
        if name != self.operation:
            return real

        def call(**given: Any) -> Any:
            self.calls += 1
            self.tokens.append(given.get("ClientRequestToken"))
            fault = self.script.pop(0) if self.script else fine
            return fault(lambda: real(**given))

        return call


class Remembering:
    """Wraps a client that forgets ClientRequestTokens: what was done under one is not done again.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """

    def __init__(self, client: Any) -> None:
        self.client, self.done = client, dict[str, Any]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def transact_write_items(self, **given: Any) -> Any:
        token, actions = given["ClientRequestToken"], given["TransactItems"]
        if token in self.done:
            assert self.done[token] == actions
            return {}
        answer = self.client.transact_write_items(**given)
        self.done[token] = actions
        return answer


class OneAtATime:
    """Wraps moto's client for tests with threads: moto checks and writes without a lock, the table does not."""

    def __init__(self, client: Any) -> None:
        self.client, self.lock = client, Lock()

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.client, name)

        def call(*named: Any, **given: Any) -> Any:
            with self.lock:
                return real(*named, **given)

        return call


class Leaving:
    """A client that leaves the last of every batch of more than one unprocessed."""

    def __init__(self, client):
        self._client, self.left = client, 0

    def __getattr__(self, name):
        return getattr(self._client, name)

    def batch_write_item(self, RequestItems):  # noqa: N803 -- so is it called
        ((name, requests),) = RequestItems.items()
        taken, left = (requests[:-1], requests[-1:]) if len(requests) > 1 else (requests, [])
        self._client.batch_write_item(RequestItems={name: taken})
        self.left += len(left)
        return {"UnprocessedItems": {name: left} if left else {}}
