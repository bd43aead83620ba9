"""Queries about people that all of a tenant may make: their cards, and who follows whom."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from identity.query_routes import ROUTES
from identity.user.card_key import key_of
from identity.user.cards import PERSON
from identity.user.decider import USER
from identity.user.responses import CardView, FollowRow, stats
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, listed, page_of
from troupe.edge.request import Request
from troupe.projection.projection import part
from troupe.store import keys, reads
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown


@ROUTES.get("/users/{user_id}/card", permission="user:read", reply=CardView)
def card(request: Request[NoBody]) -> Answer:
    user_id = request.id("user_id")
    row = reads.one(key_of(request.tenant_id, user_id)) or {}
    shown = part(PERSON, row)
    if shown is None:
        raise Unknown(user_id)
    private = request.caller.id == user_id or "user:inspect" in request.caller.permissions
    return found(CardView(id=user_id, **asdict(shown), stats=stats(row, private=private)))


@ROUTES.get("/users/{user_id}/followers", permission="user:read", reply=page_of(FollowRow), parameters=Paging)
def followers(request: Request[NoBody]) -> Answer:
    return _listed(request, "FOLLOWERS", "GSI1", "follower")


@ROUTES.get("/users/{user_id}/following", permission="user:read", reply=page_of(FollowRow), parameters=Paging)
def following(request: Request[NoBody]) -> Answer:
    return _listed(request, "FOLLOWING", "GSI2", "followee")


def _listed(request: Request[NoBody], name: str, index: Literal["GSI1", "GSI2"], other: str) -> Answer:
    """The follows of an existing user, the latest first."""
    tenant_id, of = request.tenant_id, Ref(decider=USER, id=request.id("user_id"))
    key = of.key(tenant_id)
    Snapshot(scope=request.scope, items=reads.batch([key])).of(of)
    rows = List(tenant_id=tenant_id, pk=keys.listing(tenant_id, f"{name}#{of.id}"), index=index)

    def row(item: Mapping[str, Any]) -> dict[str, Any]:
        summary = item["summary"]
        return FollowRow(**summary[other], since=summary["since"]).model_dump(mode="json")

    return listed(rows, request, row)
