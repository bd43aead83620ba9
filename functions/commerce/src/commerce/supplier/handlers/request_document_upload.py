"""POST /v1/commerce/suppliers/{supplier_id}/documents"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from commerce.supplier import documents, transactions
from commerce.supplier.commands import RequestDocumentUpload
from commerce.supplier.events import DocumentKind
from troupe.domain.instants import rfc3339
from troupe.edge import fields
from troupe.edge.endpoint import Operation, Version, endpoint
from troupe.edge.request import Request
from troupe.quota import uploads
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot

LARGEST = 20 * 1024 * 1024  # bytes


class Body(fields.Body):
    """What is sent is of that type and of that size to the byte, or S3 refuses it."""

    kind: DocumentKind
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]
    size_bytes: Annotated[int, Field(ge=1, le=LARGEST)]


class Upload(BaseModel, frozen=True):
    method: str
    url: str
    headers: dict[str, str]


class Requested(Version, frozen=True):
    document_id: str
    upload: Upload
    expires_at: datetime


@endpoint(
    Operation(
        permission="supplier:upload_document",
        body=Body,
        reply=Requested,
        status=201,
        secret=True,
        refusals=(
            "record_fixed",
            "supplier_suspended",
            "too_many_documents",
            "quota_exceeded",
            "too_many_uploads",
        ),
        example={"kind": "business_license", "content_type": "application/pdf", "size_bytes": 48213},
    )
)
def handler(request: Request[Body]) -> Answer:
    """The document counts when it is there at the submission. Without one it is removed after a day."""
    supplier = transactions.own(request)
    command = RequestDocumentUpload(**request.body.model_dump())

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(supplier, command)
        document = transactions.supplier_of(changed.after).pending[-1]
        body = {
            "document_id": document.id,
            "upload": documents.upload(request.tenant_id, supplier.id, document),
            "expires_at": rfc3339(request.now + documents.MAY_UPLOAD),
        }
        file = documents.file(request.tenant_id, supplier.id, document)
        return Decision(changes=(changed,), actions=uploads.requested(at, supplier.id, file), body=body)

    wanted: tuple[ReadTarget, ...] = (supplier, *uploads.wanted(request.tenant_id, request.now))
    return request.transact(wanted, decide, _created)


def _created(decision: Decision) -> Answer:
    first = decision.first
    body = {"id": first.id, "version": first.version, **decision.body}
    return Answer(status=201, body=body, headers={"etag": f'"{first.version}"'})
