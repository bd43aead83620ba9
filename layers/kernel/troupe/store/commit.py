"""One TransactWriteItems, and what its failures mean: refused, stale, contended, or done after all.

A failed condition is an answer. A conflict with another transaction and throttling are not: they are tried
again with full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
When the response was lost the transaction is sent again; if our own event is then found in its place, it was
done.
"""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as Unreachable

from troupe.ids import new_id
from troupe.store import table
from troupe.store.writes import Action

ATTEMPTS = 6
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


def pause(attempt: int) -> None:
    """Full jitter: anything between nothing and the doubled, capped base."""
    time.sleep(random.uniform(0, min(CAP_SECONDS, BASE_SECONDS * 2**attempt)))  # noqa: S311 -- jitter


def commit(actions: Sequence[Action]) -> None:
    """Write all of it or nothing.

    Raises `Stale`, the refusal of an action, or `Unavailable` after all attempts.
    """
    if len(actions) > MOST_ACTIONS:
        raise ValueError(f"a transaction holds {MOST_ACTIONS} actions, not {len(actions)}")
    items: Any = [action.item() for action in actions]
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(attempt)
        try:
            table.client().transact_write_items(TransactItems=items, ClientRequestToken=new_id())
        except ClientError as failed:
            if _answered(actions, failed):
                return
        except (Unreachable, HTTPClientError):
            continue  # lost on the way there or on the way back; to send it again tells which
        else:
            return
    raise table.Unavailable("too many writers at once")


def _answered(actions: Sequence[Action], failed: ClientError) -> bool:
    """Whether it was done after all; False is to be tried again; raises what the failure means."""
    response: Mapping[str, Any] = failed.response
    if response["Error"]["Code"] in _BUSY_CALL:
        return False
    reasons: Sequence[Mapping[str, Any]] = response.get("CancellationReasons", [])
    failures = {
        index: reason.get("Item", {}) for index, reason in enumerate(reasons) if reason["Code"] == _CONDITION
    }
    if any(_ours(actions[index], item) for index, item in failures.items()):
        return True
    if failures:
        _refuse(actions, failures)
    if {reason["Code"] for reason in reasons} & _BUSY:
        return False
    raise failed


def _ours(action: Action, found: Mapping[str, Any]) -> bool:
    return action.event_id is not None and found.get("id") == {"S": action.event_id}


def _refuse(actions: Sequence[Action], failures: Mapping[int, Mapping[str, Any]]) -> None:
    """Stale before refused: a refusal that rests on a stale read is not one yet."""
    if any(actions[index].refused is None for index in failures):
        raise Stale(failures)
    raise next(refused for index in failures if (refused := actions[index].refused))
