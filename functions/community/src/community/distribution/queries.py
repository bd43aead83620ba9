"""The requests for global distribution that wait for the tenant's administrators."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from community.communities import access_rules
from community.post.content_rules import Kind
from community.post.decider import REQUESTS
from community.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, page_of
from troupe.edge.request import Request
from troupe.store import keys, reads
from troupe.store.scope import Answer


class DistributionRequest(BaseModel, frozen=True):
    """By the name and picture of the day it was written. `reminders`: how often it was called to mind."""

    id: str
    community_id: str
    author_id: str
    display_name: str
    avatar_url: str | None = None
    kind: Kind
    title: str | None = None
    excerpt: str
    created_at: datetime
    requested_at: datetime
    decide_by: datetime | None = None
    reminders: int = 0


@ROUTES.get(
    "/global-distribution",
    permission="global_distribution:read",
    reply=page_of(DistributionRequest),
    parameters=Paging,
)
def distribution_requests(request: Request[NoBody]) -> Answer:
    """Whichever has waited longest stands first. What a private community says is for overseers alone."""
    asked, tenant_id = request.parameters, request.tenant_id
    waiting = List(
        tenant_id=tenant_id,
        pk=keys.listing(tenant_id, REQUESTS),
        index="GSI1",
        ascending=True,
        viewer=request.caller.id,
    )
    page = waiting.page(asked.limit, asked.cursor)
    rows = [item["summary"] for item in page.items]
    shown = (
        rows
        if access_rules.ADMINISTER in request.caller.permissions
        else _of_open_communities(tenant_id, rows)
    )
    items = [DistributionRequest.model_validate(row).model_dump(mode="json") for row in shown]
    return Answer(status=200, body={"items": items, "cursor": page.cursor})


def _of_open_communities(tenant_id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    standings = {
        each["community_id"]: keys.community_standing(tenant_id, each["community_id"]) for each in rows
    }
    published = reads.batch(list(standings.values())) if standings else {}
    return [each for each in rows if _open(published[standings[each["community_id"]]])]


def _open(standing: dict[str, Any]) -> bool:
    found: tuple[str, str] = standing["status"], standing["visibility"]
    return found == ("active", "public")
