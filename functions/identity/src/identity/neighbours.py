"""What identity reads of other contexts' events: no more than it needs, the rest is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    amount_cents: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmed:
    """`order.confirmed` of commerce: somebody has bought for so much."""

    customer_id: str
    total: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    """`community.member_joined` of community."""

    user_id: str


_ORDER_CONFIRMED, _MEMBER_JOINED = TypeAdapter(OrderConfirmed), TypeAdapter(MemberJoined)


def order_confirmed(data: Mapping[str, Any]) -> OrderConfirmed:
    """Raises where a field is missing, as the next one does: such an event goes to the dead letters."""
    return _ORDER_CONFIRMED.validate_python(dict(data))


def member_joined(data: Mapping[str, Any]) -> MemberJoined:
    return _MEMBER_JOINED.validate_python(dict(data))
