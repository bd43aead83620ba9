"""What is asked, and answered, about how a shop does."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from commerce.reporting.revenue import GROSS, NONE, ORDERS, REFUNDED
from troupe.edge import fields
from troupe.edge.queries import Paging


class OfDay(Paging, frozen=True):
    """A day by the tenant's calendar."""

    day: fields.Day


class Stages(BaseModel, frozen=True):
    """How many orders came to each stage."""

    created: int = 0
    payment: int = 0
    confirmed: int = 0
    shipped: int = 0
    delivered: int = 0


class Rates(BaseModel, frozen=True):
    """Of those that came to a stage, how many came to the next; null where none came to the first of the two.

    `overall`: of those created, how many were delivered. A day's rate may be above one: what is delivered on
    it was created on others.
    """

    payment: float | None
    confirmed: float | None
    shipped: float | None
    delivered: float | None
    overall: float | None


class FunnelDay(Stages, frozen=True):
    day: date
    rates: Rates


class OrderFunnel(BaseModel, frozen=True):
    zone: str
    totals: Stages
    rates: Rates
    days: tuple[FunnelDay, ...]


def rates_of(stages: Stages) -> Rates:
    return Rates(
        payment=_rate(stages.payment, stages.created),
        confirmed=_rate(stages.confirmed, stages.payment),
        shipped=_rate(stages.shipped, stages.confirmed),
        delivered=_rate(stages.delivered, stages.shipped),
        overall=_rate(stages.delivered, stages.created),
    )


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


class RevenueView(BaseModel, frozen=True):
    """In one currency: what came in with so many orders, what went back, and what that leaves."""

    currency: str
    orders: int
    gross_cents: int
    refunded_cents: int
    net_cents: int


class RevenueDay(BaseModel, frozen=True):
    day: date
    takings: tuple[RevenueView, ...]


class Revenue(BaseModel, frozen=True):
    """What went back counts on the day that it did, whenever it had come in."""

    zone: str
    totals: tuple[RevenueView, ...]
    days: tuple[RevenueDay, ...]


class CommunityRevenue(BaseModel, frozen=True):
    """Null is what came by no community, and shipping."""

    community_id: str | None
    takings: tuple[RevenueView, ...]


class PromotionRevenue(BaseModel, frozen=True):
    """Null is what came by no promotion, and shipping."""

    promotion_id: str | None
    takings: tuple[RevenueView, ...]


def revenue_views(row: Mapping[str, Any]) -> tuple[RevenueView, ...]:
    """A row of the read model, by currency."""
    kinds = (ORDERS, GROSS, REFUNDED)
    currencies = sorted({name.removeprefix(kind) for name in row for kind in kinds if name.startswith(kind)})
    return tuple(
        _revenue_view(currency, *(row.get(kind + currency, 0) for kind in kinds)) for currency in currencies
    )


def _revenue_view(currency: str, orders: int, gross: int, refunded: int) -> RevenueView:
    return RevenueView(
        currency=currency,
        orders=orders,
        gross_cents=gross,
        refunded_cents=refunded,
        net_cents=gross - refunded,
    )


def named(row: Mapping[str, Any]) -> str | None:
    """The community or promotion that a row is of."""
    found: str = row["SK"]
    return None if found == NONE else found
