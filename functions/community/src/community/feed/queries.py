"""The feeds: of the whole tenant, and of a community."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from community.communities import caller
from community.feed.card_rules import GLOBAL
from community.feed.pages import LARGEST, Feed
from community.post import media
from community.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import Paging, page_of
from troupe.edge.request import Request
from troupe.store import table
from troupe.store.attributes import unpack
from troupe.store.scope import Answer


class FeedPaging(Paging, frozen=True):
    """A page may be shorter than asked for: while there is a cursor, there is more."""

    limit: Annotated[int, Field(ge=1, le=LARGEST)] = LARGEST


class Byline(BaseModel, frozen=True):
    """A person or a supplier; without a name while nothing is known of them, and when they are gone."""

    id: str
    display_name: str | None = None
    avatar_url: str | None = None


class OfferView(BaseModel, frozen=True):
    """A product as it was approved: the price of the variant that costs least, and what is taken off it."""

    product_id: str
    name: str
    currency: str
    price_cents: int
    discount_cents: int
    image_url: str | None = None


class FeedItem(BaseModel, frozen=True):
    """A card. `at` is since when it is in this feed; `format` is of what kind its post or promotion is."""

    kind: Literal["post", "promotion"]
    id: str
    community_id: str | None = None
    author: Byline
    format: str
    title: str | None = None
    excerpt: str | None = None
    thumbnail_url: str | None = None
    offers: tuple[OfferView, ...] = ()
    at: datetime
    ends_at: datetime | None = None


@ROUTES.get("/feed", permission="post:read", reply=page_of(FeedItem), parameters=FeedPaging)
def feed(request: Request[NoBody]) -> Answer:
    """The items of the global feed, the newest first."""
    everybody = Feed(tenant_id=request.tenant_id, name=GLOBAL, viewer=request.caller.id)
    everybody.verify(request.parameters.cursor)
    key = everybody.months
    found = table.client().get_item(TableName=table.name(), Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}})
    return _page(request, everybody, unpack(found.get("Item", {})))


@ROUTES.get(
    "/communities/{community_id}/feed", permission="post:read", reply=page_of(FeedItem), parameters=FeedPaging
)
def community_feed(request: Request[NoBody]) -> Answer:
    # The cursor is looked at first and the seat next, so that neither tells of the other.
    community_id = request.id("community_id")
    own = Feed(tenant_id=request.tenant_id, name=community_id, viewer=request.caller.id)
    own.verify(request.parameters.cursor)
    at = caller.read(request, community_id, own.months)
    caller.seen(at, request, community_id)
    return _page(request, own, at.item(own.months) or {})


def _page(request: Request[NoBody], shown: Feed, known: Mapping[str, Any]) -> Answer:
    asked = request.parameters
    page = shown.page(asked.limit, asked.cursor, known.get("months", ()))
    items = [_shown(request.tenant_id, json.loads(item["card"])) for item in page.items]
    return Answer(status=200, body={"items": items, "cursor": page.cursor})


def _shown(tenant_id: str, card: dict[str, Any]) -> dict[str, Any]:
    """A card; where an image of it is read is good for a while, and signed for each page."""
    image = card.get("image")
    if image:
        folder = media.folder(tenant_id, card["community_id"], card["author"]["id"])
        card["thumbnail_url"] = media.shown(folder, image["id"], image["version"])
    return FeedItem.model_validate(card).model_dump(mode="json")
