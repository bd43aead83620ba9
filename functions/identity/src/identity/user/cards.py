"""What is shown of a person, and what they did in numbers, so that a profile card is one read.

The person's own stream feeds the card; follows, and what other contexts tell of orders and communities,
add to its numbers. Derived: it can be rebuilt from the events.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from identity.external.readers import (
    Total,
    member_banned,
    member_joined,
    member_left,
    order_confirmed,
    order_refund_failed,
    order_refunded,
)
from troupe.domain.personal import Personal, blanked
from troupe.projection.view import Increment, Part, Place, Source, Tombstone, View
from troupe.store.envelope import Envelope

SPENT = "spent_"  # and a currency: currencies are never summed
PRIVATE = "private_"  # memberships of private communities, which others cannot count


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    display_name: Annotated[str, Personal("user")]
    avatar_url: Annotated[str | None, Personal("user", None)]
    bio: Annotated[str | None, Personal("user", None)]
    country: Annotated[str | None, Personal("user", None)]
    kind: str
    status: str
    since: str  # RFC 3339
    business_name: Annotated[str | None, Personal("user", None)] = None


def project(card: Part[Card], event: Envelope) -> Part[Card]:
    match card:
        case Tombstone(kept=Card() as kept) if event.type == "user.restored":
            return replace(kept, status=event.data["status"])
        case Tombstone(kept=Card() as kept) if event.type == "user.personal_data_erased":
            return Tombstone(kept=blanked(kept))
        case None if event.type == "user.created":
            return _with_profile(event.data["profile"], event)
        case Card():
            return _project(card, event)
        case _:
            return card


def _project(card: Card, event: Envelope) -> Part[Card]:
    match event.type:
        case "user.profile_updated":
            return _with_profile(event.data["profile"], event, card)
        case "user.promoted":
            return replace(card, kind="leader", business_name=event.data["business"]["name"])
        case "user.verified" | "user.reactivated":
            return replace(card, status="active")
        case "user.suspended":
            return replace(card, status="suspended")
        case "user.deleted":
            return Tombstone(kept=card)
        case _:
            return card


def _with_profile(profile: Mapping[str, Any], event: Envelope, card: Card | None = None) -> Card:
    business = profile.get("business")
    return Card(
        display_name=profile["display_name"],
        avatar_url=profile.get("avatar_url"),
        bio=profile.get("bio"),
        country=profile.get("country"),
        kind=card.kind if card else event.data["kind"],
        status=card.status if card else "pending",
        since=card.since if card else event.data["created_at"],
        business_name=business and business["name"],
    )


def count(event: Envelope, _at: datetime) -> Iterable[Increment]:
    match event.type.partition(".")[0]:
        case "user":
            return _follows(event)
        case "order":
            return _bought(event)
        case "community":
            return _memberships(event)
        case _:
            return ()


def _follows(event: Envelope) -> Iterable[Increment]:
    data = event.data
    match event.type:
        case "user.followed":
            return _followed(data["follower"]["id"], data["followee"]["id"], 1)
        case "user.unfollowed":
            return _followed(data["follower_id"], data["followee_id"], -1)
        case _:
            return ()


def _bought(event: Envelope) -> Iterable[Increment]:
    """A customer's spending is the sum of payments, less refunds."""
    match event.type:
        case "order.confirmed":
            order = order_confirmed(event.data)
            return (_on(order.customer_id, "orders"), _spent(order.customer_id, order.total, 1))
        case "order.refunded":
            refunded = order_refunded(event.data)
            return (_spent(refunded.customer_id, refunded.amount, -1),)
        case "order.refund_failed":
            failed = order_refund_failed(event.data)
            return (_spent(failed.customer_id, failed.amount, 1),) if failed.undone else ()
        case _:
            return ()


def _memberships(event: Envelope) -> Iterable[Increment]:
    match event.type:
        case "community.member_joined":
            joined = member_joined(event.data)
            return (_belongs(joined.user_id, joined.private, 1),)
        case "community.member_left":
            left = member_left(event.data)
            return (_belongs(left.user_id, left.private, -1),)
        case "community.member_banned":
            banned = member_banned(event.data)
            return (_belongs(banned.user_id, banned.private, -1),) if banned.was_member else ()
        case _:
            return ()


def _spent(user_id: str, total: Total, sign: int) -> Increment:
    return _on(user_id, SPENT + total.currency, sign * total.amount_cents)


def _followed(follower_id: str, followee_id: str, by: int) -> tuple[Increment, ...]:
    return (_on(followee_id, "followers", by), _on(follower_id, "following", by))


def _belongs(user_id: str, private: bool, by: int) -> Increment:  # noqa: FBT001 -- as the events have it
    return _on(user_id, f"{PRIVATE}communities" if private else "communities", by)


def _on(user_id: str, field: str, by: int = 1) -> Increment:
    return Increment(place=place(user_id), field=field, by=by)


def place(user_id: str) -> Place:
    return Place(parts=(user_id,))


PERSON = Source[Card](kind="user", shape=Card, place=lambda event: place(event.aggregate_id), project=project)
USER_CARDS = View(name="user_card", sources=(PERSON,), count=count)
