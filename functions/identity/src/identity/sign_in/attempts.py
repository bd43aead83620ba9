"""Attempts at a password: each is spent before the hash is compared, so that no parallel guess beats the
limit.

The tally holds `attempts` and `ends_at`, the second (epoch) at which they are forgotten. At the limit it is
the lock, whatever the stream says: five conditions pass in a window, however many ask at once.
"""

from collections.abc import Mapping
from datetime import datetime
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

from identity.sign_in.decider import LIMIT, LOCKED_FOR, WINDOW
from troupe.edge.principal import Forbidden
from troupe.store import keys, table, writes
from troupe.store.attributes import pack, unpack
from troupe.store.commit import pause, single
from troupe.store.keys import Key
from troupe.store.writes import Action

TRIES = LIMIT + 5  # a try fails because another one came first, which at most LIMIT do, or for contention

type Tally = Mapping[str, Any]


class Locked(Forbidden):
    """The answer for a locked account: the password is not checked, and an unknown address gets the same."""

    def __init__(self) -> None:
        super().__init__("account_locked", "Too many wrong passwords; try again in a quarter of an hour.")


def key(tenant_id: str, principal_id: str) -> Key:
    return keys.counter(tenant_id, "sign_in", principal_id)


def used_up(tally: Tally | None, now: datetime) -> bool:
    return tally is not None and tally["attempts"] >= LIMIT and _current(tally, now)


def spend(at: Key, seen: Tally | None, now: datetime) -> Tally:
    """Spend one attempt, given the tally as it was read: the tally after it. Raises `Locked`."""
    for _ in range(TRIES):
        if used_up(seen, now):
            raise Locked
        try:
            return _spend(at, seen, now)
        except ClientError as failed:
            seen = _found(failed, seen)
    raise table.Unavailable("too many attempts at once")


def forget(at: Key, now: datetime) -> Action:
    """Forget the attempts: the password was right, or the lock is lifted."""
    values = {"none": 0, "now": int(now.timestamp())}
    return writes.update(at, "SET attempts = :none, ends_at = :none, expires_at = :now", values)


def start_lock(at: Key, spent: Tally, now: datetime) -> Action:
    """The last attempt failed: the lock runs from now, unless the attempts were forgotten meanwhile."""
    values = {"seen": spent["ends_at"], "limit": LIMIT, "until": ceil((now + LOCKED_FOR).timestamp())}
    return writes.update(
        at,
        "SET ends_at = :until, expires_at = :until",
        values,
        condition="ends_at = :seen AND attempts >= :limit",
    )


def take_as_long(at: Key, now: datetime) -> Action:
    """A write for an unknown address, so that its failure takes as long as a known one's."""
    return writes.update(at, "SET failed_at = :now", {"now": int(now.timestamp())})


def _current(tally: Tally, now: datetime) -> bool:
    ends_at: int = tally["ends_at"]
    return now.timestamp() < ends_at


def _spend(at: Key, seen: Tally | None, now: datetime) -> Tally:
    """One conditional write: one more in the window that was seen, or the first of a new window."""
    expression, condition, values = _more(seen) if seen and _current(seen, now) else _first(seen, now)
    answer = single(
        lambda: table.client().update_item(
            TableName=table.name(),
            Key=pack({"PK": at.pk, "SK": at.sk}),
            UpdateExpression=expression,
            ConditionExpression=condition,
            ExpressionAttributeValues=pack({f":{name}": value for name, value in values.items()}),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    )
    return unpack(answer["Attributes"])


type Write = tuple[str, str, dict[str, int]]


def _more(seen: Tally) -> Write:
    values = {"one": 1, "seen": seen["ends_at"], "limit": LIMIT}
    return "SET attempts = attempts + :one", "ends_at = :seen AND attempts < :limit", values


def _first(seen: Tally | None, now: datetime) -> Write:
    values = {"one": 1, "until": ceil((now + WINDOW).timestamp())}
    expression = "SET attempts = :one, ends_at = :until, expires_at = :until"
    if seen is None:
        return expression, "attribute_not_exists(PK)", values
    return expression, "ends_at = :seen", {**values, "seen": seen["ends_at"]}


def _found(failed: ClientError, seen: Tally | None) -> Tally | None:
    """The tally as the failed condition found it; contention changes nothing of what was seen."""
    response: Mapping[str, Any] = failed.response
    match response["Error"]["Code"]:
        case "ConditionalCheckFailedException":
            item = response.get("Item")
            return unpack(item) if item else None
        case (
            "TransactionConflictException" | "ThrottlingException" | "ProvisionedThroughputExceededException"
        ):
            pause(0)
            return seen
        case _:
            raise failed
