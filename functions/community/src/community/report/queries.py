"""What waits for a community's moderators: posts to be looked at, posts that are hidden, and reports."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from community.communities import caller
from community.post.content_rules import Kind
from community.post.events import Status
from community.query_routes import ROUTES
from community.report.decider import Reason, Resolution
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, listed, page_of
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.scope import Answer


class QueuedPost(BaseModel, frozen=True):
    """By the name and picture of the day it was written."""

    id: str
    author_id: str
    display_name: str
    avatar_url: str | None = None
    kind: Kind
    title: str | None = None
    excerpt: str
    status: Status
    created_at: datetime
    reason: str | None = None  # why it is hidden


class ReportRow(BaseModel, frozen=True):
    id: str
    subject_id: str
    subject_kind: Literal["post", "comment"]
    post_id: str
    author_id: str
    excerpt: str
    reporter_id: str
    reason: Reason
    detail: str
    created_at: datetime
    resolution: Resolution | None = None
    note: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None


class Queued(Paging, frozen=True):
    status: Literal["pending", "hidden"] = "pending"


class Reported(Paging, frozen=True):
    status: Literal["open", "resolved"] = "open"


@ROUTES.get(
    "/communities/{community_id}/moderation",
    permission="post:publish",
    reply=page_of(QueuedPost),
    parameters=Queued,
    refusals=("moderator_required",),
)
def moderation(request: Request[NoBody]) -> Answer:
    """Posts that wait: whichever has waited longest stands first."""
    name = {"pending": "PENDING_POSTS", "hidden": "HIDDEN_POSTS"}[request.parameters.status]
    return _waiting(request, name, QueuedPost)


@ROUTES.get(
    "/communities/{community_id}/reports",
    permission="report:read",
    reply=page_of(ReportRow),
    parameters=Reported,
    refusals=("moderator_required",),
)
def reports(request: Request[NoBody]) -> Answer:
    name = {"open": "REPORTS", "resolved": "RESOLVED_REPORTS"}[request.parameters.status]
    return _waiting(request, name, ReportRow)


def _waiting(request: Request[NoBody], name: str, row: type[BaseModel]) -> Answer:
    tenant_id, community_id = request.tenant_id, request.id("community_id")
    rows = List(
        tenant_id=tenant_id,
        pk=keys.listing(tenant_id, f"{name}#{community_id}"),
        index="GSI1",
        ascending=True,
        viewer=request.caller.id,
    )
    rows.verify(request.parameters.cursor)
    caller.moderating(caller.read(request, community_id), request, community_id)

    def shown(item: Any) -> dict[str, Any]:
        return row.model_validate(item["summary"]).model_dump(mode="json")

    return listed(rows, request, shown)
