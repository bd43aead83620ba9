"""What community reads of commerce's promotions and suppliers: no more than a card shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What one could buy, its price on the day of submission, and what is taken off a unit of it."""

    price_cents: int
    discount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotedProduct:
    product_id: str
    name: str
    currency: str
    variants: tuple[Variant, ...]
    image_url: str | None = None

    @property
    def cheapest(self) -> Variant:
        free = Variant(price_cents=0, discount_cents=0)
        return min(self.variants, key=lambda each: each.price_cents - each.discount_cents, default=free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    title: str
    kind: str
    ends_at: datetime | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionActivated:
    """`promotion.activated` of commerce, which happens once; `targets` have approved it by then."""

    supplier_id: str
    details: Details
    products: tuple[PromotedProduct, ...]
    targets: tuple[str, ...]
    activated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionTargetApproved:
    """`promotion.target_approved` of commerce: before it is active, or while it is."""

    target: str
    approved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    legal_name: str
    trade_name: str | None = None
    logo_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierProfile:
    """`supplier.created` and `supplier.updated` of commerce: the company as it is now."""

    company: Company


_ACTIVATED, _APPROVED = TypeAdapter(PromotionActivated), TypeAdapter(PromotionTargetApproved)
_PROFILE = TypeAdapter(SupplierProfile)

EVERYBODY = "global"  # the target that is no community


def promotion_activated(data: Mapping[str, Any]) -> PromotionActivated:
    """Raises where a field is missing, as the next ones do: such an event goes to the dead letters."""
    return _ACTIVATED.validate_python(dict(data))


def promotion_target_approved(data: Mapping[str, Any]) -> PromotionTargetApproved:
    return _APPROVED.validate_python(dict(data))


def supplier_profile(data: Mapping[str, Any]) -> SupplierProfile:
    return _PROFILE.validate_python(dict(data))
