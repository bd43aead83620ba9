"""The files of posts: sent straight to the bucket at a signed address, and shown at another.

The signature fixes what may be sent: the content type and the size to the byte, once, for a quarter of an
hour. A file counts as stored from the request on, until a day has passed in which no post names it.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from community.post.content_rules import Media
from community.post.state import Post
from troupe.aws import clients
from troupe.domain.decider import Invalid
from troupe.quota import uploads
from troupe.quota.uploads import File
from troupe.store.aggregates import Change
from troupe.store.table import Unavailable
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

DUE = "media_upload"
KEPT = timedelta(days=30)  # after nothing names a file any more: a post can be restored
MAY_UPLOAD = timedelta(minutes=15)
MAY_READ = timedelta(hours=1)
_MISSING = 404


class BucketUnavailable(Unavailable):
    """S3 did not say whether a file is there."""


def upload(folder: str, file_id: str, content_type: str, size_bytes: int) -> dict[str, Any]:
    """The request by which the file is sent; nothing is asked of S3 for it."""
    form = {"ContentType": content_type, "ContentLength": size_bytes, "IfNoneMatch": "*"}
    return {
        "method": "PUT",
        "url": clients.s3().generate_presigned_url(
            "put_object",
            Params={**_place(folder, file_id), **form},
            ExpiresIn=int(MAY_UPLOAD.total_seconds()),
        ),
        "headers": {
            "content-type": content_type,
            "content-length": str(size_bytes),
            "if-none-match": "*",
        },
    }


def file(folder: str, file_id: str, size_bytes: int) -> File:
    return File(id=file_id, place=f"{folder}/{file_id}", size_bytes=size_bytes, kind=DUE)


def moved(at: Snapshot, change: Change[Post, Any, Any]) -> tuple[Action, ...]:
    """What a change of a post means to its files: those that it names now, and those that it does not."""
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    before, after = _named(tenant_id, change.before.state), _named(tenant_id, change.after.state)
    missing = Invalid("media_missing", "The file has been removed, or another post shows it.", "media")
    left = [before[each] for each in sorted(before.keys() - after.keys())]
    return (
        *uploads.named(tenant_id, sorted(after.keys() - before.keys()), missing),
        *uploads.released(tenant_id, left, now + KEPT, now),
    )


def _named(tenant_id: str, post: Post | None) -> dict[str, File]:
    """A deleted post names no file; they are kept a while, so that it can be restored."""
    if post is None or post.status == "deleted":
        return {}
    place = folder(tenant_id, post.community_id, post.author.id)
    return {each.id: file(place, each.id, each.size_bytes) for each in post.content.media}


def folder(tenant_id: str, community_id: str, author_id: str) -> str:
    """The prefix of one user's files for one community: other users cannot post them."""
    return f"{tenant_id}/{community_id}/{author_id}"


def arrived(folder: str, file_ids: Sequence[str]) -> tuple[Media, ...]:
    """The files as they are there (`media_missing`). Raises `BucketUnavailable`."""
    return tuple(_arrived(folder, file_id) for file_id in file_ids)


def _arrived(folder: str, file_id: str) -> Media:
    try:
        found = clients.s3().head_object(**_place(folder, file_id))
    except ClientError as failed:
        if failed.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == _MISSING:
            raise Invalid("media_missing", "The file has not been sent.", "media") from failed
        raise BucketUnavailable("not said") from failed
    except BotoCoreError as failed:
        raise BucketUnavailable("not said") from failed
    return Media(
        id=file_id,
        version=found["VersionId"],
        content_type=found["ContentType"],
        size_bytes=found["ContentLength"],
    )


def shown(folder: str, file_id: str, version: str) -> str:
    """Where a file of a post is read for an hour; nothing is asked of S3 for it."""
    given = {**_place(folder, file_id), "VersionId": version}
    return clients.s3().generate_presigned_url(
        "get_object", Params=given, ExpiresIn=int(MAY_READ.total_seconds())
    )


def _place(folder: str, file_id: str) -> Any:
    return {"Bucket": os.environ["MEDIA_BUCKET"], "Key": f"{folder}/{file_id}"}
