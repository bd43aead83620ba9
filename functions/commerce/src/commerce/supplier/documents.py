"""A supplier's documents: sent straight to the bucket at a signed address, and looked at by who reviews them.

The signature fixes what may be sent: the content type and the size to the byte, once, for a quarter of an
hour. A document counts as stored from the request on, until a day has passed without a submission.
The review sees the version that was there at the submission; later uploads to the same address do not count.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from commerce.supplier.commands import Uploaded
from commerce.supplier.events import Document
from troupe.aws import clients
from troupe.domain.decider import Rejected
from troupe.quota import uploads
from troupe.quota.uploads import File
from troupe.store.table import Unavailable
from troupe.store.writes import Action

DUE = "document_upload"
MAY_UPLOAD = timedelta(minutes=15)
MAY_READ = timedelta(minutes=5)
_MISSING = 404


class BucketUnavailable(Unavailable):
    """S3 did not say whether a document is there."""


def upload(tenant_id: str, supplier_id: str, document: Document) -> dict[str, Any]:
    """The request by which the document is sent; nothing is asked of S3 for it."""
    given = {**_place(tenant_id, supplier_id, document.id), **_form(document), "IfNoneMatch": "*"}
    return {
        "method": "PUT",
        "url": clients.s3().generate_presigned_url(
            "put_object", Params=given, ExpiresIn=int(MAY_UPLOAD.total_seconds())
        ),
        "headers": {
            "content-type": document.content_type,
            "content-length": str(document.size_bytes),
            "if-none-match": "*",
        },
    }


def file(tenant_id: str, supplier_id: str, document: Document) -> File:
    place = _place(tenant_id, supplier_id, document.id)["Key"]
    return File(id=document.id, place=place, size_bytes=document.size_bytes, kind=DUE)


def filed(tenant_id: str, found: Sequence[Uploaded]) -> tuple[Action, ...]:
    """The documents that a submission names."""
    gone = Rejected("document_removed", "A document was sent more than a day ago. Send it again.")
    return uploads.named(tenant_id, [each.id for each in found], gone)


def download(tenant_id: str, supplier_id: str, document: Document) -> str | None:
    """Where a document that was filed is read, for a few minutes."""
    if document.filed is None:
        return None
    given = {**_place(tenant_id, supplier_id, document.id), "VersionId": document.filed}
    return clients.s3().generate_presigned_url(
        "get_object", Params=given, ExpiresIn=int(MAY_READ.total_seconds())
    )


def uploaded(tenant_id: str, supplier_id: str, document: Document) -> Uploaded | None:
    """The version that is there, if it is what was asked for. Raises `BucketUnavailable`."""
    try:
        found = clients.s3().head_object(**_place(tenant_id, supplier_id, document.id))
    except ClientError as failed:
        if failed.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == _MISSING:
            return None
        raise BucketUnavailable("not said") from failed
    except BotoCoreError as failed:
        raise BucketUnavailable("not said") from failed
    form = {"ContentType": found["ContentType"], "ContentLength": found["ContentLength"]}
    return Uploaded(id=document.id, version=found["VersionId"]) if form == _form(document) else None


def _place(tenant_id: str, supplier_id: str, document_id: str) -> Any:
    return {"Bucket": os.environ["DOCUMENTS_BUCKET"], "Key": f"{tenant_id}/{supplier_id}/{document_id}"}


def _form(document: Document) -> dict[str, Any]:
    return {"ContentType": document.content_type, "ContentLength": document.size_bytes}
