"""Posts and promotions as feeds show them, from the events of their streams. All of it pure.

An event only ever says where a piece stands from then on, so that a late reader needs no earlier event.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from community.feed.card_rules import (
    GLOBAL,
    LONGEST_EXCERPT,
    LONGEST_TITLE,
    FeedSource,
    Image,
    Offer,
    clipped,
)
from community.feed.promotions import (
    EVERYBODY,
    PromotedProduct,
    PromotionActivated,
    promotion_activated,
    promotion_target_approved,
)
from troupe.domain.instants import rfc3339
from troupe.projection.view import Part, Tombstone
from troupe.store.envelope import Envelope


def post(source: Part[FeedSource], event: Envelope) -> Part[FeedSource]:
    """A post: in its community's feed once it is published, in the global feed while that is granted."""
    match source:
        case None if event.type == "post.created":
            return _written(event.data)
        case Tombstone(kept=FeedSource() as kept) if event.type == "post.restored":
            return _shown(kept, event.data["status"])
        case Tombstone(kept=FeedSource() as kept) if event.type == "post.personal_data_erased":
            return Tombstone(kept=_wordless(kept))
        case FeedSource():
            return _post(source, event)
        case _:
            return source


def _post(source: FeedSource, event: Envelope) -> Part[FeedSource]:  # noqa: PLR0911 -- one line for each event
    data = event.data
    match event.type:
        case "post.edited":
            return _shown(_said(source, data), data["status"])
        case "post.published":
            since = _instant(data["published_at"])
            return replace(source.let_in(data["community_id"], since), shown=True)
        case "post.hidden":
            return replace(source, shown=False)
        case "post.restored":
            return _shown(source, data["status"])
        case "post.global_approved":
            return source.let_in(GLOBAL, _instant(data["approved_at"]))
        case "post.global_withdrawn":
            return source.taken_out(GLOBAL)
        case "post.deleted":
            return Tombstone(kept=source)
        case "post.personal_data_erased":
            return _wordless(source)
        case _:
            return source


def _written(data: Mapping[str, Any]) -> FeedSource:
    blank = FeedSource(author_id=data["author_id"], format=data["kind"], community_id=data["community_id"])
    return _said(replace(blank, shown=False), data)


def _wordless(source: FeedSource) -> FeedSource:
    return replace(source, title=None, excerpt=None, thumbnail_url=None, image=None)


def _shown(source: FeedSource, status: str) -> FeedSource:
    return replace(source, shown=status == "published")


def _said(source: FeedSource, data: Mapping[str, Any]) -> FeedSource:
    """What it says now: of a link its page's title and picture, else its own and its first image."""
    link: Mapping[str, Any] = data["link"] or {}
    images = [each for each in data["media"] if each["content_type"].startswith("image/")]
    return replace(
        source,
        title=clipped(data["title"] or link.get("title"), LONGEST_TITLE),
        excerpt=clipped(data["text"], LONGEST_EXCERPT),
        thumbnail_url=link.get("thumbnail_url"),
        image=Image(id=images[0]["id"], version=images[0]["version"]) if images else None,
    )


def promotion(source: Part[FeedSource], event: Envelope) -> Part[FeedSource]:
    """A promotion, from when it is active, in every feed that approved it; who approves later adds one."""
    match source, event.type:
        case None, "promotion.activated":
            return _active(promotion_activated(event.data))
        case FeedSource(), "promotion.target_approved":
            late = promotion_target_approved(event.data)
            return source.let_in(_feed(late.target), rfc3339(late.approved_at))
        case FeedSource(), "promotion.paused":
            return replace(source, shown=False)
        case FeedSource(), "promotion.resumed":
            return replace(source, shown=True)
        case FeedSource(), "promotion.ended" | "promotion.cancelled":
            return Tombstone(kept=source)
        case _:
            return source


def _active(told: PromotionActivated) -> FeedSource:
    offers = tuple(_offer(each) for each in told.products)
    details = told.details
    source = FeedSource(
        author_id=told.supplier_id,
        format=details.kind,
        title=clipped(details.title, LONGEST_TITLE),
        excerpt=clipped(details.description, LONGEST_EXCERPT),
        thumbnail_url=next((each.image_url for each in offers if each.image_url), None),
        offers=offers,
        ends_at=rfc3339(details.ends_at) if details.ends_at else None,
    )
    for target in told.targets:
        source = source.let_in(_feed(target), rfc3339(told.activated_at))
    return source


def _feed(target: str) -> str:
    return GLOBAL if target == EVERYBODY else target


def _offer(ware: PromotedProduct) -> Offer:
    cheapest = ware.cheapest
    return Offer(
        product_id=ware.product_id,
        name=clipped(ware.name, LONGEST_TITLE) or "",
        currency=ware.currency,
        price_cents=cheapest.price_cents,
        discount_cents=cheapest.discount_cents,
        image_url=ware.image_url,
    )


def _instant(text: str) -> str:
    """As sort keys have it: all of one length."""
    return rfc3339(datetime.fromisoformat(text))
