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
    """`order.confirmed` of commerce: a customer has bought for this total."""

    customer_id: str
    total: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefunded:
    """`order.refunded` of commerce: so much of what was spent has gone back."""

    customer_id: str
    amount: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefundFailed:
    """`order.refund_failed` of commerce: if it is `undone`, what had gone back has been spent after all."""

    customer_id: str
    amount: Total
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    """`community.member_joined` of community; `private` as the community was on that day."""

    user_id: str
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    """`community.member_left` of community."""

    user_id: str
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberBanned:
    """`community.member_banned` of community, of a member or of a user who was none."""

    user_id: str
    was_member: bool
    private: bool = False


_ORDER_CONFIRMED, _MEMBER_JOINED = TypeAdapter(OrderConfirmed), TypeAdapter(MemberJoined)
_ORDER_REFUNDED, _ORDER_REFUND_FAILED = TypeAdapter(OrderRefunded), TypeAdapter(OrderRefundFailed)
_MEMBER_LEFT, _MEMBER_BANNED = TypeAdapter(MemberLeft), TypeAdapter(MemberBanned)


def order_confirmed(data: Mapping[str, Any]) -> OrderConfirmed:
    """Raises where a field is missing, as the next ones do: such an event goes to the dead letters."""
    return _ORDER_CONFIRMED.validate_python(dict(data))


def order_refunded(data: Mapping[str, Any]) -> OrderRefunded:
    return _ORDER_REFUNDED.validate_python(dict(data))


def order_refund_failed(data: Mapping[str, Any]) -> OrderRefundFailed:
    return _ORDER_REFUND_FAILED.validate_python(dict(data))


def member_joined(data: Mapping[str, Any]) -> MemberJoined:
    return _MEMBER_JOINED.validate_python(dict(data))


def member_left(data: Mapping[str, Any]) -> MemberLeft:
    return _MEMBER_LEFT.validate_python(dict(data))


def member_banned(data: Mapping[str, Any]) -> MemberBanned:
    return _MEMBER_BANNED.validate_python(dict(data))
