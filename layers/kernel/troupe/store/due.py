"""What falls due, of all tenants: read by the sweepers from the index that the tenants' commands write.

A sweep begins where the last one left nothing behind. It looks back a while further, because an index lags
and an instant may be a little in the past when it is written; nothing may fall due further back than that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from troupe.domain.instants import rfc3339
from troupe.observability import outcome
from troupe.store import keys, reads, table, writes
from troupe.store.attributes import pack, unpack
from troupe.store.commit import commit
from troupe.store.keys import Key

BUCKET = timedelta(seconds=keys.DUE_BUCKET_SECONDS)
LOOK_BACK = timedelta(minutes=15)
FIRST = timedelta(hours=2)  # where the very first sweep begins
FURTHEST = timedelta(days=3)  # 72 buckets of 8 shards


class Later(Exception):  # noqa: N818 -- an answer, not a fault
    """What was to be done about it is under way: look at it again the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that falls due: whose, what, when, and the item that says so."""

    tenant_id: str
    id: str
    at: datetime
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    done: int
    failed: int
    later: int = 0


def due_now(kind: str, now: datetime, since: datetime) -> Iterator[Due]:
    """What has fallen due in the buckets from `since` to now, oldest bucket first."""
    bucket = _bucket(since)
    while bucket <= now:
        for shard in range(keys.DUE_SHARDS):
            yield from _shard(keys.due(kind, bucket, shard), now)
        bucket += BUCKET


def sweep(kind: str, act: Callable[[Due], object], now: datetime, look_back: timedelta = LOOK_BACK) -> Swept:
    """Act on each thing that has fallen due; the next sweeps try again what fails, for three days.

    `act` may be called more than once for the same thing, and has to take it out of the index, or else to
    raise `Later`.
    """
    done, failed, later, oldest_left = 0, 0, 0, now
    for each in due_now(kind, now, _since(kind, now, look_back)):
        try:
            act(each)
        except Later:
            later, oldest_left = later + 1, min(oldest_left, each.at)
        except Exception as error:  # noqa: BLE001 -- one must not keep the others back
            failed, oldest_left = failed + 1, min(oldest_left, each.at)
            outcome("due_failed", kind=kind, tenant_id=each.tenant_id, id=each.id, error=type(error).__name__)
        else:
            done += 1
    upto = min(oldest_left, now - look_back)
    commit([writes.put(keys.swept(kind), {"upto": int(_bucket(upto).timestamp())})])
    outcome("swept", kind=kind, done=done, failed=failed, later=later)
    return Swept(done=done, failed=failed, later=later)


def _since(kind: str, now: datetime, look_back: timedelta) -> datetime:
    before = reads.one(keys.swept(kind))
    upto = datetime.fromtimestamp(before["upto"], UTC) if before else now - FIRST
    return max(now - FURTHEST, min(upto, now - look_back))


def _bucket(at: datetime) -> datetime:
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % keys.DUE_BUCKET_SECONDS, UTC)


def _shard(pk: str, until: datetime) -> Iterator[Due]:
    """Instants are of one width, and behind each comes a `#`: a `$` comes after all of that instant."""
    query: Any = {
        "TableName": table.name(),
        "IndexName": "GSI2",
        "KeyConditionExpression": "GSI2PK = :pk AND GSI2SK < :sk",
        "ExpressionAttributeValues": pack({":pk": pk, ":sk": f"{rfc3339(until)}$"}),
    }
    for page in table.client().get_paginator("query").paginate(**query):
        yield from (_due(unpack(item)) for item in page["Items"])


def _due(item: dict[str, Any]) -> Due:
    at, tenant_id, what = item["GSI2SK"].split("#", 2)
    key = Key(item["PK"], item["SK"])
    return Due(tenant_id=keys.tenant(tenant_id), id=what, at=datetime.fromisoformat(at), key=key)
