"""Posts and promotions as feeds show them, from the events of their streams. All of it pure.

An event only ever says where a piece stands from then on, so that whoever comes to it late needs no more.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from community.feed.card_rules import GLOBAL, LONGEST_EXCERPT, LONGEST_TITLE, Image, Offer, Piece, clipped
from community.feed.promotions import (
    EVERYBODY,
    PromotionActivated,
    Ware,
    promotion_activated,
    promotion_target_approved,
)
from troupe.domain.instants import rfc3339
from troupe.projection.view import Part, Tombstone
from troupe.store.envelope import Envelope


def post(piece: Part[Piece], event: Envelope) -> Part[Piece]:
    """A post: in its community's feed from when it was published, in everybody's while that is granted."""
    match piece:
        case None if event.type == "post.created":
            return _written(event.data)
        case Tombstone(kept=Piece() as kept) if event.type == "post.restored":
            return _shown(kept, event.data["status"])
        case Piece():
            return _post(piece, event)
        case _:
            return piece


def _post(piece: Piece, event: Envelope) -> Part[Piece]:  # noqa: PLR0911 -- one line for each event
    data = event.data
    match event.type:
        case "post.edited":
            return _shown(_said(piece, data), data["status"])
        case "post.published":
            since = _instant(data["published_at"])
            return replace(piece.let_in(data["community_id"], since), shown=True)
        case "post.hidden":
            return replace(piece, shown=False)
        case "post.restored":
            return _shown(piece, data["status"])
        case "post.global_approved":
            return piece.let_in(GLOBAL, _instant(data["approved_at"]))
        case "post.global_withdrawn":
            return piece.taken_out(GLOBAL)
        case "post.deleted":
            return Tombstone(kept=piece)
        case _:
            return piece


def _written(data: Mapping[str, Any]) -> Piece:
    blank = Piece(author_id=data["author_id"], format=data["kind"], community_id=data["community_id"])
    return _said(replace(blank, shown=False), data)


def _shown(piece: Piece, status: str) -> Piece:
    return replace(piece, shown=status == "published")


def _said(piece: Piece, data: Mapping[str, Any]) -> Piece:
    """What it says now: of a link its page's title and picture, else its own and its first image."""
    link: Mapping[str, Any] = data["link"] or {}
    images = [each for each in data["media"] if each["content_type"].startswith("image/")]
    return replace(
        piece,
        title=clipped(data["title"] or link.get("title"), LONGEST_TITLE),
        excerpt=clipped(data["text"], LONGEST_EXCERPT),
        thumbnail_url=link.get("thumbnail_url"),
        image=Image(id=images[0]["id"], version=images[0]["version"]) if images else None,
    )


def promotion(piece: Part[Piece], event: Envelope) -> Part[Piece]:
    """A promotion, from when it is active, in every feed that approved it; who approves later adds one."""
    match piece, event.type:
        case None, "promotion.activated":
            return _active(promotion_activated(event.data))
        case Piece(), "promotion.target_approved":
            late = promotion_target_approved(event.data)
            return piece.let_in(_feed(late.target), rfc3339(late.approved_at))
        case Piece(), "promotion.paused":
            return replace(piece, shown=False)
        case Piece(), "promotion.resumed":
            return replace(piece, shown=True)
        case Piece(), "promotion.ended" | "promotion.cancelled":
            return Tombstone(kept=piece)
        case _:
            return piece


def _active(told: PromotionActivated) -> Piece:
    offers = tuple(_offer(each) for each in told.products)
    details = told.details
    piece = Piece(
        author_id=told.supplier_id,
        format=details.kind,
        title=clipped(details.title, LONGEST_TITLE),
        excerpt=clipped(details.description, LONGEST_EXCERPT),
        thumbnail_url=next((each.image_url for each in offers if each.image_url), None),
        offers=offers,
        ends_at=rfc3339(details.ends_at) if details.ends_at else None,
    )
    for target in told.targets:
        piece = piece.let_in(_feed(target), rfc3339(told.activated_at))
    return piece


def _feed(target: str) -> str:
    return GLOBAL if target == EVERYBODY else target


def _offer(ware: Ware) -> Offer:
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
