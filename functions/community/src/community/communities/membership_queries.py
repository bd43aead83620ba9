"""What may be asked about the people of a community: by who may see it, and by its moderators."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from community.communities import caller
from community.communities.caller import CommunityCaller
from community.communities.responses import BanRow, MemberRow, RequestRow
from community.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, listed, page_of
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot

type Admitted = Callable[[Snapshot, Request[Any], str], CommunityCaller]


@ROUTES.get(
    "/communities/{community_id}/members",
    permission="membership:read",
    reply=page_of(MemberRow),
    parameters=Paging,
)
def community_members(request: Request[NoBody]) -> Answer:
    return _people(request, "MEMBERS", caller.seen, MemberRow)


@ROUTES.get(
    "/communities/{community_id}/requests",
    permission="membership:read",
    reply=page_of(RequestRow),
    parameters=Paging,
    refusals=("moderator_required",),
)
def requests(request: Request[NoBody]) -> Answer:
    """The requests to join, the oldest first."""
    return _people(request, "REQUESTS", caller.moderating, RequestRow)


@ROUTES.get(
    "/communities/{community_id}/bans",
    permission="membership:read",
    reply=page_of(BanRow),
    parameters=Paging,
    refusals=("moderator_required",),
)
def bans(request: Request[NoBody]) -> Answer:
    return _people(request, "BANS", caller.moderating, BanRow)


def _people(request: Request[NoBody], name: str, admitted: Admitted, row: type[BaseModel]) -> Answer:
    """A page of them. The cursor is looked at first and the seat next, so that neither tells of the other."""
    tenant_id, community_id = request.tenant_id, request.id("community_id")
    rows = List(
        tenant_id=tenant_id,
        pk=keys.listing(tenant_id, f"{name}#{community_id}"),
        index="GSI1",
        ascending=name == "REQUESTS",
        viewer=request.caller.id,
    )
    rows.verify(request.parameters.cursor)
    admitted(caller.read(request, community_id), request, community_id)

    def shown(item: Any) -> dict[str, Any]:
        return row.model_validate(item["summary"]).model_dump(mode="json")

    return listed(rows, request, shown)
