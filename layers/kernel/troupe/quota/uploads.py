"""Uploads: bytes that are sent straight to a bucket, and count against the tenant's storage before they come.

A request for an upload takes its bytes of the quota and notes the file as unnamed. What names the file (a
post, a submission) notes that in its own transaction. A file that nothing names for a day is removed from the
bucket, and its bytes are given back; so is one that nothing names any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from troupe.aws.clients import s3
from troupe.domain.buckets import UNLIMITED
from troupe.domain.decider import Rejected
from troupe.domain.instants import rfc3339
from troupe.quota import meters, quota
from troupe.store import keys, reads, writes
from troupe.store.commit import Stale, commit
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

STORED = "storage_bytes"
LIMIT = "uploads_per_day"  # in the tenant's standing; without it there is none
QUOTA = "uploads"
MOST_OF_ONE = 100  # uploads a day of one person or supplier
UNNAMED_FOR = timedelta(days=1)
KEPT = timedelta(days=2)
_STATUS = {"#status": "status"}


class TooManyUploads(Rejected):
    def __init__(self) -> None:
        super().__init__("too_many_uploads", f"There are at most {MOST_OF_ONE} uploads a day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that may be sent; `kind` is the kind of due things that its context sweeps."""

    id: str
    place: str  # the key in the bucket
    size_bytes: int
    kind: str


def wanted(tenant_id: str, now: datetime) -> tuple[Key, ...]:
    """What a request for an upload reads."""
    return (keys.standing(tenant_id), *meters.limited(tenant_id, _day(now), QUOTA))


def requested(at: Snapshot, principal_id: str, file: File) -> tuple[Action, ...]:
    """Take the bytes and one upload of the day, or be refused (`Exceeded`, `TooManyUploads`)."""
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    standing = at.item(keys.standing(tenant_id)) or {}
    values = _unnamed(tenant_id, file, now + UNNAMED_FOR, now)
    return (
        quota.take(tenant_id, STORED, file.size_bytes),
        *meters.take_of_day(at, _day(now), QUOTA, standing.get(LIMIT, UNLIMITED), now + KEPT),
        _one_more(tenant_id, principal_id, now),
        writes.put(keys.upload(tenant_id, file.id), values, absent=True),
    )


def named(tenant_id: str, file_ids: Iterable[str], refused: Rejected) -> tuple[Action, ...]:
    """These are named from now on; `refused` where one was removed, or is named already."""
    return tuple(
        writes.update(
            keys.upload(tenant_id, each),
            "SET #status = :named REMOVE GSI2PK, GSI2SK",
            {"named": "named", "unnamed": "unnamed"},
            condition="#status = :unnamed",
            names=_STATUS,
            refused=refused,
        )
        for each in file_ids
    )


def released(tenant_id: str, files: Iterable[File], at: datetime, now: datetime) -> tuple[Action, ...]:
    """Nothing names these any more; they are removed at an instant, unless they are named again before."""
    return tuple(
        writes.put(keys.upload(tenant_id, each.id), _unnamed(tenant_id, each, at, now)) for each in files
    )


def remove(tenant_id: str, file_id: str, bucket: str, now: datetime) -> None:
    """Remove a file that nothing names, and give its bytes back; each step can be taken again.

    Once it is noted as going, nothing can name it. No address to send it is valid any more.
    """
    key = keys.upload(tenant_id, file_id)
    item = reads.one(key)
    if item is None or "GSI2PK" not in item or not _goes(key, item["status"]):
        return
    for version in _versions(bucket, item["place"]):
        s3().delete_object(Bucket=bucket, Key=item["place"], VersionId=version)
    gone = writes.update(
        key,
        "SET #status = :gone, expires_at = :until REMOVE GSI2PK, GSI2SK",
        {"gone": "gone", "going": "going", "until": ceil((now + KEPT).timestamp())},
        condition="#status = :going",
        names=_STATUS,
    )
    commit([gone, quota.give_back(tenant_id, STORED, item["size_bytes"])])


def _goes(key: Key, status: str) -> bool:
    """Note it as going; not, if it was named meanwhile."""
    if status == "going":
        return True
    values = {"going": "going", "unnamed": "unnamed"}
    condition = "#status = :unnamed"
    going = writes.update(key, "SET #status = :going", values, condition=condition, names=_STATUS)
    try:
        commit([going])
    except Stale:
        return False
    return True


def _versions(bucket: str, place: str) -> list[str]:
    pages = s3().get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=place)
    found = [each for page in pages for each in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]
    return [each["VersionId"] for each in found if each["Key"] == place]


def _one_more(tenant_id: str, principal_id: str, now: datetime) -> Action:
    return writes.update(
        keys.counter(tenant_id, "uploads", principal_id, _day(now)),
        "ADD #count :one SET expires_at = :until",
        {"one": 1, "most": MOST_OF_ONE, "until": ceil((now + KEPT).timestamp())},
        condition="attribute_not_exists(#count) OR #count < :most",
        names={"#count": "count"},
        refused=TooManyUploads(),
    )


def _unnamed(tenant_id: str, file: File, until: datetime, now: datetime) -> dict[str, Any]:
    return {
        "size_bytes": file.size_bytes,
        "place": file.place,
        "status": "unnamed",
        "GSI2PK": keys.due_place(file.kind, until, now, file.id),
        "GSI2SK": f"{rfc3339(until)}#{tenant_id}#{file.id}",
    }


def _day(now: datetime) -> str:
    return f"{now:%Y-%m-%d}"
