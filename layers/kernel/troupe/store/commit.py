"""One TransactWriteItems, and what its failures mean: refused, stale, contended, or done after all.

A failed condition is an answer. A conflict with another transaction and throttling are not: they are tried
again with full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
When the response was lost the transaction is sent again; if our own event is then found in its place, it was
done. What writes no event is sent again under the same token, under which DynamoDB carries it out once.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable

from troupe.ids import new_id
from troupe.store import table
from troupe.store.writes import Action, Alternative

ATTEMPTS = 12
BASE_SECONDS, CAP_SECONDS = 0.025, 0.4
MOST_ACTIONS = (
    100  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
)

_CONDITION = "ConditionalCheckFailed"
_BUSY = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}
_BUSY_CALL = {
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
    "TransactionConflictException",
    "InternalServerError",
    "ServiceUnavailable",
}


class Stale(Exception):  # noqa: N818 -- an answer: read again and decide again
    """What was read has changed.

    `found` maps the index of each action that failed to the item found there.
    """

    def __init__(self, found: Mapping[int, Mapping[str, Any]]) -> None:
        super().__init__(f"{len(found)} conditions failed")
        self.found = found


def pause(attempt: int, cap: float = CAP_SECONDS) -> None:
    """Full jitter: anything between nothing and the doubled, capped base."""
    time.sleep(random.uniform(0, min(cap, BASE_SECONDS * 2**attempt)))  # noqa: S311 -- jitter


def single[T](write: Callable[[], T]) -> T:
    """A write of one item outside of any transaction, tried again while a transaction holds the item.

    Raises `Unavailable` after all attempts, and every other error of the write.
    """
    for attempt in range(ATTEMPTS):
        try:
            return write()
        except ClientError as failed:
            if failed.response["Error"]["Code"] not in _BUSY_CALL:
                raise
        pause(attempt)
    raise table.Unavailable("too many writers at once")


def commit(actions: Sequence[Action]) -> None:
    """Write all of it or nothing.

    Raises `Stale`, the refusal of an action, or `Unavailable` after all attempts.
    """
    _Transaction(actions).commit()


class _Transaction:
    """The actions that are due, and the token under which DynamoDB carries them out once.

    An event among them shows what became of an attempt whose response was lost, so each attempt has a token
    of its own. Without an event the same token goes with all attempts of the same actions.
    """

    def __init__(self, actions: Sequence[Action]) -> None:
        self._shows = any(action.event_id for action in actions)
        self._due(actions)

    def _due(self, actions: Sequence[Action]) -> None:
        if len(actions) > MOST_ACTIONS:
            raise ValueError(f"a transaction holds {MOST_ACTIONS} actions, not {len(actions)}")
        self._actions, self._token, self._at_once = tuple(actions), new_id(), True

    def commit(self) -> None:
        for attempt in range(ATTEMPTS):
            if not self._at_once:
                pause(attempt)
            self._at_once = False
            if self._attempt():
                return
        raise table.Unavailable("too many writers at once")

    def _attempt(self) -> bool:
        """Whether it is done; False is to be tried again."""
        items: Any = [action.item() for action in self._actions]
        token = new_id() if self._shows else self._token
        try:
            table.client().transact_write_items(TransactItems=items, ClientRequestToken=token)
        except ClientError as failed:
            return self._answered(failed)
        except (Unreachable, HTTPClientError):
            return False  # lost on the way there or on the way back; to send it again tells which
        return True

    def _answered(self, failed: ClientError) -> bool:
        """Whether it was done after all; False is to be tried again; raises what the failure means."""
        response: Mapping[str, Any] = failed.response
        if response["Error"]["Code"] in _BUSY_CALL:
            return False
        reasons: Sequence[Mapping[str, Any]] = response.get("CancellationReasons", [])
        failures = {
            index: reason.get("Item", {})
            for index, reason in enumerate(reasons)
            if reason["Code"] == _CONDITION
        }
        if any(_ours(self._actions[index], item) for index, item in failures.items()):
            return True
        if failures:
            self._replace(_alternatives(self._actions, failures))
            return False
        busy = [self._actions[index] for index, reason in enumerate(reasons) if reason["Code"] in _BUSY]
        if not busy:
            raise failed
        if self._shows:
            others = [action.recourse for action in busy if action.recourse]
            self._replace({id(each): each.busy() for each in others})
            self._at_once = False
        return False

    def _replace(self, replaced: Mapping[int, Sequence[Action]]) -> None:
        """Write these in the place of the first of the actions whose recourse they are."""
        if not replaced:
            return
        left, actions = dict(replaced), list[Action]()
        for action in self._actions:
            recourse = id(action.recourse)
            if recourse not in replaced:
                actions.append(action)
            else:
                actions += left.pop(recourse, ())
        self._due(actions)


def _alternatives(
    actions: Sequence[Action], failures: Mapping[int, Mapping[str, Any]]
) -> Mapping[int, Sequence[Action]]:
    """What is written instead, by the recourse; raises what the failures mean where there is none.

    Stale before refused: a refusal that rests on a stale read is not one yet. Refusals in the actions' order.
    """
    failed = [actions[index] for index in failures]
    if any(not isinstance(each.recourse, Alternative) and each.refused is None for each in failed):
        raise Stale(failures)
    found = dict[int, Sequence[Action]]()
    for each in failed:
        if each.refused is not None:
            raise each.refused
        if isinstance(each.recourse, Alternative) and id(each.recourse) not in found:
            found[id(each.recourse)] = each.recourse.failed()
    return found


def _ours(action: Action, found: Mapping[str, Any]) -> bool:
    return action.event_id is not None and found.get("id") == {"S": action.event_id}
