"""POST /v1/community/communities/{community_id}/media"""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from community.communities import caller
from community.person import person
from community.post import media, transactions
from community.post.content_rules import Picture, Video
from troupe.domain.decider import Invalid
from troupe.domain.instants import rfc3339
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.quota import uploads
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot

LARGEST_PICTURE = 10 * 1024 * 1024  # bytes
LARGEST_VIDEO = 200 * 1024 * 1024


class Body(fields.Body):
    """What is sent is of that type and of that size to the byte, or S3 refuses it."""

    content_type: Picture | Video = Field(examples=["image/jpeg"])
    size_bytes: Annotated[int, Field(ge=1, le=LARGEST_VIDEO)]


class Upload(BaseModel, frozen=True):
    method: str
    url: str
    headers: dict[str, str]


class Requested(BaseModel, frozen=True):
    media_id: str
    upload: Upload
    expires_at: datetime


@endpoint(
    Operation(
        permission="post:create",
        body=Body,
        reply=Requested,
        secret=True,
        refusals=(
            "member_required",
            "leader_required",
            "may_not_post",
            "file_too_large",
            "quota_exceeded",
            "too_many_uploads",
        ),
        example={"content_type": "image/jpeg", "size_bytes": 182340},
    )
)
def handler(request: Request[Body]) -> Answer:
    """The file counts as stored from now on.

    It is removed after a day in which no post of the same person in this community names it.
    """
    community_id, tenant_id, caller_id = request.id("community_id"), request.tenant_id, request.caller.id
    body, folder = request.body, media.folder(tenant_id, community_id, caller_id)
    media_id = new_id()

    def decide(at: Snapshot) -> Decision:
        transactions.require_poster(at, caller.seen(at, request, community_id))
        if body.content_type.startswith("image/") and body.size_bytes > LARGEST_PICTURE:
            raise Invalid("file_too_large", f"A picture has at most {LARGEST_PICTURE} bytes.", "size_bytes")
        answer = {
            "media_id": media_id,
            "upload": media.upload(folder, media_id, body.content_type, body.size_bytes),
            "expires_at": rfc3339(request.now + media.MAY_UPLOAD),
        }
        file = media.file(folder, media_id, body.size_bytes)
        return Decision(changes=(), actions=uploads.requested(at, caller_id, file), body=answer)

    wanted: tuple[ReadTarget, ...] = (
        *caller.keys_to_read(request, community_id),
        *person.key_to_read(tenant_id, caller_id),
        *uploads.wanted(tenant_id, request.now),
    )
    return request.transact(wanted, decide, transactions.answer)
