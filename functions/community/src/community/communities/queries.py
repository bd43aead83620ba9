"""What may be asked about communities: the public ones, one's own, and those one belongs to."""

from dataclasses import fields
from typing import Any, Literal

from community.communities import caller as community_callers
from community.communities import membership_counts
from community.communities.caller import CommunityCaller
from community.communities.responses import CommunityRow, CommunityView, MembershipRow, OwnMembership
from community.communities.settings import Settings
from community.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, listed, page_of
from troupe.edge.request import Request
from troupe.store import keys, reads
from troupe.store.buckets import level
from troupe.store.scope import Answer


@ROUTES.get("/communities", permission="community:read", reply=page_of(CommunityRow), parameters=Paging)
def communities(request: Request[NoBody]) -> Answer:
    """The public ones: a private one is in no list but its members'."""
    public = keys.listing(request.tenant_id, "COMMUNITIES")
    return listed(_list(request, public, "GSI1"), request, _row)


@ROUTES.get(
    "/me/led-communities", permission="community:read", reply=page_of(CommunityRow), parameters=Paging
)
def led_communities(request: Request[NoBody]) -> Answer:
    own = keys.listing(request.tenant_id, f"OWN_COMMUNITIES#{request.caller.id}")
    return listed(_list(request, own, "GSI2"), request, _row)


@ROUTES.get("/me/communities", permission="community:read", reply=page_of(MembershipRow), parameters=Paging)
def my_communities(request: Request[NoBody]) -> Answer:
    """Deleted communities are left out, so a page may be shorter than asked for."""
    tenant_id, asked, user_id = request.tenant_id, request.parameters, request.caller.id
    mine = keys.listing(tenant_id, f"COMMUNITIES_OF#{user_id}")
    page = _list(request, mine, "GSI2").page(asked.limit, asked.cursor)
    rows = [item["summary"] for item in page.items]
    standings = {row["community_id"]: keys.community_standing(tenant_id, row["community_id"]) for row in rows}
    published = reads.batch(list(standings.values())) if standings else {}
    items = [
        _membership(row, standing, user_id)
        for row in rows
        if (standing := published[standings[row["community_id"]]])["status"] == "active"
    ]
    return Answer(status=200, body={"items": items, "cursor": page.cursor})


@ROUTES.get("/communities/{community_id}", permission="community:read", reply=CommunityView)
def community(request: Request[NoBody]) -> Answer:
    community_id = request.id("community_id")
    counted = membership_counts.members(request.tenant_id, community_id).keys
    at = community_callers.read(request, community_id, *counted)
    caller = community_callers.seen(at, request, community_id)
    settings = caller.community.settings
    shown = CommunityView(
        id=community_id,
        **{each.name: getattr(settings, each.name) for each in fields(Settings)},
        owner_id=caller.community.owner_id,
        created_at=caller.community.created_at,
        members=level(map(at.item, counted)).used,
        membership=_own(caller),
    )
    return found(shown, caller.version)


def _list(request: Request[NoBody], pk: str, index: Literal["GSI1", "GSI2"]) -> List:
    return List(tenant_id=request.tenant_id, pk=pk, index=index, viewer=request.caller.id)


def _own(caller: CommunityCaller) -> OwnMembership | None:
    who = caller.viewer
    return None if who.status is None else OwnMembership(status=who.status, role=who.role, leads=who.leads)


def _row(item: Any) -> dict[str, Any]:
    return CommunityRow.model_validate(item["summary"]).model_dump(mode="json")


def _membership(row: Any, standing: Any, user_id: str) -> dict[str, Any]:
    hidden = standing["visibility"] == "private" and row["status"] != "active"
    shown = MembershipRow(
        community_id=row["community_id"],
        name=None if hidden else standing["name"],
        logo_url=None if hidden else standing.get("logo_url"),
        visibility=standing["visibility"],
        status=row["status"],
        role=row["role"],
        leads=standing["owner_id"] == user_id,
        since=row["since"],
    )
    return shown.model_dump(mode="json")
