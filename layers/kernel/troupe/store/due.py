"""What falls due, of all tenants: read by the sweepers from the index that the tenants' commands write.

A sweep reads the buckets since the one before it. After a standstill it reads the first days and the last,
and the next sweeps go on. Of what it could not finish it remembers the place, and looks there each time,
however old that is. It looks back a little further than the last sweep, because an index lags. Nothing is
written into a bucket that is over (keys.due_place).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from aws_lambda_powertools.metrics import MetricUnit

from troupe.aws import sdk
from troupe.domain.instants import rfc3339
from troupe.observability import metrics, outcome
from troupe.store import keys, reads, writes
from troupe.store.attributes import pack
from troupe.store.commit import commit
from troupe.store.keys import Key

BUCKET = timedelta(seconds=keys.DUE_BUCKET_SECONDS)
LOOK_BACK = timedelta(minutes=15)
FIRST = (
    timedelta(hours=2) if sdk.LOCAL else timedelta(days=35)
)  # where the first begins: what a backup may hold
STRETCH = timedelta(days=3)  # that one sweep catches up: 72 buckets of 8 shards
MOST_OPEN = 400  # places where something was left; with more of them a sweep goes no further


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


class Place(NamedTuple):
    """One shard of one bucket."""

    bucket: datetime
    shard: int


def places(since: datetime, until: datetime) -> list[Place]:
    """All shards of the buckets between two instants, the oldest first."""
    found, bucket = list[Place](), _bucket(since)
    while bucket <= until:
        found += (Place(bucket, shard) for shard in range(keys.DUE_SHARDS))
        bucket += BUCKET
    return found


def due_now(kind: str, now: datetime, there: Iterable[Place]) -> Iterator[tuple[Place, Due]]:
    """What has fallen due in these places."""
    for place in there:
        for each in _shard(keys.due(kind, place.bucket, place.shard), now):
            yield place, each


def sweep(kind: str, act: Callable[[Due], object], now: datetime, look_back: timedelta = LOOK_BACK) -> Swept:
    """Act on each thing that has fallen due; the next sweeps try again what fails, without end.

    `act` may be called more than once for the same thing, and has to take it out of the index, or else to
    raise `Later`.
    """
    before = reads.one(keys.swept(kind)) or {}
    upto = _instant(before["upto"]) if "upto" in before else now - FIRST
    upto = min(upto, now - look_back)
    reached = min(now, upto + STRETCH)
    there = dict.fromkeys(Place(_instant(at), int(shard)) for at, shard in before.get("open", ()))
    there |= dict.fromkeys(places(upto, reached))
    there |= dict.fromkeys(places(now - (look_back if reached == now else STRETCH), now))
    counts, left = _act(kind, act, due_now(kind, now, there))
    upto = _note(kind, left, _bucket(min(reached, now - look_back)))
    oldest = min([*left.values(), upto if reached < now else now])
    age = (now - oldest).total_seconds()
    metrics.add_metric(name="oldest_due_seconds", unit=MetricUnit.Seconds, value=age)
    outcome("swept", kind=kind, done=counts.done, failed=counts.failed, later=counts.later)
    return counts


def _act(
    kind: str, act: Callable[[Due], object], found: Iterable[tuple[Place, Due]]
) -> tuple[Swept, dict[Place, datetime]]:
    """What came of it, and the oldest thing that was left in each place where something was."""
    done, failed, later, left = 0, 0, 0, dict[Place, datetime]()
    for place, each in found:
        try:
            act(each)
        except Later:
            later += 1
        except Exception as error:  # noqa: BLE001 -- one must not keep the others back
            failed += 1
            outcome("due_failed", kind=kind, tenant_id=each.tenant_id, id=each.id, error=type(error).__name__)
        else:
            done += 1
            continue
        left[place] = min(left.get(place, each.at), each.at)
    return Swept(done=done, failed=failed, later=later), left


def _note(kind: str, left: Iterable[Place], upto: datetime) -> datetime:
    """Up to where all was looked at, and the places before that where something was left."""
    older = sorted(place for place in left if place.bucket < upto)
    if len(older) > MOST_OPEN:
        upto = older[MOST_OPEN].bucket
        older = [place for place in older if place.bucket < upto]
    stands = {
        "upto": int(upto.timestamp()),
        "open": [[int(place.bucket.timestamp()), place.shard] for place in older],
    }
    commit([writes.put(keys.swept(kind), stands)])
    return upto


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _bucket(at: datetime) -> datetime:
    seconds = int(at.timestamp())
    return _instant(seconds - seconds % keys.DUE_BUCKET_SECONDS)


def _shard(pk: str, until: datetime) -> Iterator[Due]:
    """Instants are of one width, and behind each comes a `#`: a `$` comes after all of that instant."""
    query = {
        "IndexName": "GSI2",
        "KeyConditionExpression": "GSI2PK = :pk AND GSI2SK < :sk",
        "ExpressionAttributeValues": pack({":pk": pk, ":sk": f"{rfc3339(until)}$"}),
    }
    return map(_due, reads.every(query))


def _due(item: Mapping[str, Any]) -> Due:
    at, tenant_id, what = item["GSI2SK"].split("#", 2)
    key = Key(item["PK"], item["SK"])
    return Due(tenant_id=keys.tenant(tenant_id), id=what, at=datetime.fromisoformat(at), key=key)
