"""GET routes about how a shop does, by the tenant's calendar: how far orders come, and what they bring in."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel

from commerce.query_routes import ROUTES
from commerce.reporting.funnel import ORDER_FUNNEL, STAGES
from commerce.reporting.responses import (
    CommunityRevenue,
    FunnelDay,
    OfDay,
    OrderFunnel,
    PromotionRevenue,
    Revenue,
    RevenueDay,
    Stages,
    named,
    rates_of,
    revenue_views,
)
from commerce.reporting.revenue import (
    COMMUNITIES,
    GROSS,
    ORDERS,
    PROMOTIONS,
    REFUNDED,
    REVENUE,
    WHOLE,
    parts_of,
)
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Days, found, listed, page_of
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.store import reads
from troupe.store.scope import Answer

type Row = Mapping[str, Any]


@ROUTES.get("/analytics/order-funnel", permission="analytics:read", reply=OrderFunnel, parameters=Days)
def order_funnel(request: Request[NoBody]) -> Answer:
    counted = _days(request, ORDER_FUNNEL.name)
    days = {day: Stages(**{stage: row.get(stage, 0) for stage in STAGES}) for day, row in counted.items()}
    totals = Stages(**{stage: sum(getattr(each, stage) for each in days.values()) for stage in STAGES})
    shown = tuple(FunnelDay(day=day, rates=rates_of(each), **each.model_dump()) for day, each in days.items())
    return found(OrderFunnel(zone=request.caller.zone, totals=totals, rates=rates_of(totals), days=shown))


@ROUTES.get("/analytics/revenue", permission="analytics:read", reply=Revenue, parameters=Days)
def revenue(request: Request[NoBody]) -> Answer:
    counted = _days(request, REVENUE.name, WHOLE)
    sums = Counter[str]()
    for row in counted.values():
        sums.update({name: by for name, by in row.items() if name.startswith((ORDERS, GROSS, REFUNDED))})
    days = tuple(RevenueDay(day=day, takings=revenue_views(row)) for day, row in counted.items())
    return found(Revenue(zone=request.caller.zone, totals=revenue_views(sums), days=days))


@ROUTES.get(
    "/analytics/revenue/communities",
    permission="analytics:read",
    reply=page_of(CommunityRevenue),
    parameters=OfDay,
)
def revenue_by_community(request: Request[NoBody]) -> Answer:
    """A day's revenue, a row for each community by which something came, and one for what came by none."""
    return _broken_down(
        request,
        COMMUNITIES,
        lambda row: CommunityRevenue(community_id=named(row), takings=revenue_views(row)),
    )


@ROUTES.get(
    "/analytics/revenue/promotions",
    permission="analytics:read",
    reply=page_of(PromotionRevenue),
    parameters=OfDay,
)
def revenue_by_promotion(request: Request[NoBody]) -> Answer:
    """A day's revenue, a row for each promotion by which something came, and one for what came by none."""
    return _broken_down(
        request, PROMOTIONS, lambda row: PromotionRevenue(promotion_id=named(row), takings=revenue_views(row))
    )


def _broken_down(request: Request[NoBody], breakdown: str, view: Callable[[Row], BaseModel]) -> Answer:
    pk = generations.partition(request.tenant_id, REVENUE.name, *parts_of(breakdown, request.parameters.day))
    rows = List(tenant_id=request.tenant_id, pk=pk, ascending=True)
    return listed(rows, request, lambda row: view(row).model_dump(mode="json"))


def _days(request: Request[NoBody], view: str, *parts: str) -> dict[date, Row]:
    """The row of each day of the range that is asked for; an empty one where nothing happened."""
    first, last = request.parameters.first, request.parameters.last
    wanted = [first + timedelta(days=after) for after in range((last - first).days + 1)]
    rows: dict[str, Row] = {}
    for month in sorted({day.isoformat()[:7] for day in wanted}):
        pk = generations.partition(request.tenant_id, view, *parts, month)
        rows |= {row["SK"]: row for row in reads.between(pk, first.isoformat(), last.isoformat())}
    return {day: rows.get(day.isoformat(), {}) for day in wanted}
