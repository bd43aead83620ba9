"""Limits for strangers by where they come from: how often something may happen from one source address.

Each window of time has an item of its own. It is found by an HMAC of the address under a key of the day,
which expires with the day's counts, so that nothing that is stored shows an address.
"""

import hmac
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from math import ceil

from botocore.exceptions import ClientError

from troupe.quota.too_many_requests import TooManyRequests
from troupe.store import keys, reads, table, writes
from troupe.store.attributes import pack
from troupe.store.commit import Stale, commit, single
from troupe.store.keys import Key
from troupe.store.table import ENTRY, confined

FACTOR = "SOURCE_LIMIT_FACTOR"  # on the local stack everybody comes from one address
KEPT = timedelta(days=2)
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    what: str
    most: int
    window: timedelta


WRONG_PASSWORDS = Limit(what="wrong_password", most=50, window=timedelta(minutes=15))
SIGN_UPS = Limit(what="sign_up", most=30, window=timedelta(hours=1))
MAILS = Limit(what="mail", most=20, window=timedelta(hours=1))
TENANTS = Limit(what="tenant", most=10, window=timedelta(days=1))

_secrets: dict[date, bytes] = {}  # of the day, which is read once


def digest(address: str, now: datetime) -> str:
    """What stands for an address on one day (UTC)."""
    secret = _secrets.get(now.date())
    if secret is None:
        with confined(keys.SYSTEM, ENTRY):
            secret = _secret(now)
        _secrets.clear()
        _secrets[now.date()] = secret
    return hmac.new(secret, address.encode(), sha256).hexdigest()[:32]


def counter(limit: Limit, address: str, now: datetime) -> Key:
    """Where the present window is counted."""
    number = int(now.timestamp() // limit.window.total_seconds())
    return keys.counter(keys.SYSTEM, "source", digest(address, now), f"{limit.what.upper()}#{number}")


def spend(limit: Limit, address: str, now: datetime) -> None:
    """Count one more, or refuse it (`TooManyRequests`). One write, which no other write holds up."""
    if not address:
        return
    at = counter(limit, address, now)
    values = {"one": 1, "most": _most(limit), "until": _kept_until(now)}
    with confined(keys.SYSTEM, ENTRY):
        try:
            _add(at, values)
        except ClientError as failed:
            if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise TooManyRequests(_left(limit, now)) from failed


def refuse_used_up(limit: Limit, counted: int, now: datetime) -> None:
    """Refuse when the window's count, as it was read, has reached the limit (`TooManyRequests`)."""
    if counted >= _most(limit):
        raise TooManyRequests(_left(limit, now))


def _most(limit: Limit) -> int:
    return limit.most * int(os.environ.get(FACTOR, "1"))


def _left(limit: Limit, now: datetime) -> int:
    """Seconds until the window ends."""
    seconds = limit.window.total_seconds()
    return max(1, ceil(seconds - now.timestamp() % seconds))


def _add(at: Key, values: dict[str, int]) -> None:
    single(
        lambda: table.client().update_item(
            TableName=table.name(),
            Key=pack({"PK": at.pk, "SK": at.sk}),
            UpdateExpression="ADD #count :one SET expires_at = :until",
            ConditionExpression="attribute_not_exists(#count) OR #count < :most",
            ExpressionAttributeNames={"#count": "count"},
            ExpressionAttributeValues=pack({f":{name}": value for name, value in values.items()}),
        )
    )


def _secret(now: datetime) -> bytes:
    """The key of the day, made by who needs it first."""
    place = keys.counter(keys.SYSTEM, "source", "key", f"{now:%Y-%m-%d}")
    if held := reads.one(place):
        return bytes(held["key"])
    secret = os.urandom(KEY_BYTES)
    try:
        commit([writes.put(place, {"key": secret, "expires_at": _kept_until(now)}, absent=True)])
    except Stale:
        return _secret(now)
    return secret


def _kept_until(now: datetime) -> int:
    return ceil((now + KEPT).timestamp())
