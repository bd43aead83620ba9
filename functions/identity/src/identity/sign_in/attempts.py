"""Attempts at a password: each is spent before the hash is compared, so that no parallel guess beats the
limit.

An account has a tally for each address that attempts come from, with `attempts` and `ends_at`, the second
(epoch) at which they are forgotten. At the limit it is the lock for that address, whatever the stream says:
five conditions pass in a window, however many ask at once. So who guesses locks himself out, not the owner.

One more tally counts the failures from all addresses. At its limit the account is locked for every address
but that of the last sign-in. What came before its `forgotten_at` counts in no tally.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from botocore.exceptions import ClientError

from identity.sign_in.decider import LIMIT, LIMIT_OF_ALL, LOCKED_FOR, WINDOW
from troupe.edge.principal import Forbidden
from troupe.store import keys, table, writes
from troupe.store.attributes import pack, unpack
from troupe.store.commit import pause, single
from troupe.store.keys import Key
from troupe.store.writes import Action

KEPT = timedelta(hours=1)  # longer than any window and lock
TRIES = LIMIT + 5  # a try fails because another one came first, which at most LIMIT do, or for contention

type Tally = Mapping[str, Any]


class Locked(Forbidden):
    """The answer for a locked account: the password is not checked, and an unknown address gets the same."""

    def __init__(self) -> None:
        super().__init__("account_locked", "Too many wrong passwords; try again in a quarter of an hour.")


def account(tenant_id: str, principal_id: str) -> Key:
    """The tally of the failures from all addresses."""
    return keys.counter(tenant_id, "sign_in", principal_id)


def from_source(tenant_id: str, principal_id: str, source: str) -> Key:
    """The tally of the attempts from one address, of which `source` is the digest."""
    return keys.counter(tenant_id, "sign_in", principal_id, f"SOURCE#{source}")


def locked_for_all(total: Tally | None, now: datetime) -> bool:
    return total is not None and total["attempts"] >= LIMIT_OF_ALL and _current(total, now)


def failures(total: Tally | None, now: datetime) -> int:
    """The failures of the window, from all addresses."""
    found: int = total["attempts"] if total and _current(total, now) else 0
    return found


def forgotten(tally: Tally, total: Tally | None) -> bool:
    """Whether all attempts of the account were forgotten since these began."""
    began: int = tally.get("began_at", 0)
    return total is not None and began <= total.get("forgotten_at", -1)


def spend(at: Key, seen: Tally | None, total: Tally | None, now: datetime) -> Tally:
    """Spend one attempt, given the tallies as they were read: the tally after it. Raises `Locked`."""
    for _ in range(TRIES):
        anew = seen is None or not _current(seen, now) or forgotten(seen, total)
        if seen and not anew and seen["attempts"] >= LIMIT:
            raise Locked
        try:
            return _spend(at, _first(seen, now) if seen is None or anew else _more(seen))
        except ClientError as failed:
            seen = _found(failed, seen)
    raise table.Unavailable("too many attempts at once")


def forget(at: Key, now: datetime) -> Action:
    """Forget the attempts from one address: the password was right."""
    values = {"none": 0, "now": int(now.timestamp())}
    expression = "SET attempts = :none, ends_at = :none, expires_at = :now REMOVE locked"
    return writes.update(at, expression, values)


def forget_all(tenant_id: str, principal_id: str, now: datetime) -> Action:
    """Forget the attempts from everywhere: the lock is lifted."""
    values = {"none": 0, "now": _milliseconds(now), "until": int((now + KEPT).timestamp())}
    return writes.update(
        account(tenant_id, principal_id),
        "SET attempts = :none, ends_at = :none, forgotten_at = :now, expires_at = :until",
        values,
    )


def locked(tally: Tally | None, now: datetime) -> bool:
    """Whether the last attempt from this address has failed."""
    return tally is not None and "locked" in tally and _current(tally, now)


def start_lock(at: Key, spent: Tally, now: datetime) -> Action:
    """The last attempt failed: the lock runs from now, unless the attempts were forgotten meanwhile."""
    until = ceil((now + LOCKED_FOR).timestamp())
    values = {"seen": spent["ends_at"], "limit": LIMIT, "until": until, "yes": True}
    return writes.update(
        at,
        "SET ends_at = :until, expires_at = :until, locked = :yes",
        values,
        condition="ends_at = :seen AND attempts >= :limit",
    )


def failed(at: Key, total: Tally | None, now: datetime) -> Action:
    """One more failure of the account; at the limit of all addresses the lock runs from now."""
    number = failures(total, now) + 1
    goes_on = total is not None and number > 1 and number < LIMIT_OF_ALL
    until = total["ends_at"] if total and goes_on else ceil((now + WINDOW).timestamp())
    values = {"number": number, "until": until, "kept": until + int(KEPT.total_seconds())}
    return writes.update(at, "SET attempts = :number, ends_at = :until, expires_at = :kept", values)


def _current(tally: Tally, now: datetime) -> bool:
    ends_at: int = tally["ends_at"]
    return now.timestamp() < ends_at


def _spend(at: Key, write: "Write") -> Tally:
    """One conditional write: one more in the window that was seen, or the first of a new window."""
    expression, condition, values = write
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
    values = {"one": 1, "until": ceil((now + WINDOW).timestamp()), "now": _milliseconds(now)}
    expression = "SET attempts = :one, ends_at = :until, expires_at = :until, began_at = :now REMOVE locked"
    if seen is None:
        return expression, "attribute_not_exists(PK)", values
    return expression, "ends_at = :seen", {**values, "seen": seen["ends_at"]}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


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
