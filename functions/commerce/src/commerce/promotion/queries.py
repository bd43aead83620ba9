"""Queries about promotions: for their supplier, for those who decide on them, and for all callers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from commerce.promotion import budget, transactions
from commerce.promotion.events import GLOBAL, Status, Target
from commerce.promotion.performance import EVERYBODY, PROMOTION_PERFORMANCE
from commerce.promotion.responses import (
    Approval,
    ApprovalRow,
    BudgetView,
    Performance,
    PerformanceView,
    PromotionRow,
    PromotionView,
)
from commerce.promotion.state import Promotion, collection
from commerce.promotion.transactions import ADMINISTER, promotion_ref
from commerce.query_routes import ROUTES
from commerce.supplier import standing
from troupe.edge import fields
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.principal import Forbidden, Principal
from troupe.edge.queries import Paging, found, listed, listing, page_of
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.store import keys, reads
from troupe.store.buckets import level
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown


class OfSupplier(Paging, frozen=True):
    """Promotions of one status; without one, those that are on."""

    status: Status = "active"


class OfTarget(Paging, frozen=True):
    """The promotions that wait for a community's leader; without a community, those for the whole tenant."""

    community_id: fields.Id | None = Field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """What a caller may see of a promotion beyond the public part: its targets and its budget."""

    everything: bool
    targets: frozenset[str]

    def sees(self, target: str) -> bool:
        return self.everything or target in self.targets

    @property
    def any(self) -> bool:
        return self.everything or bool(self.targets)


@ROUTES.get(
    "/suppliers/{supplier_id}/promotions",
    permission="promotion:read",
    reply=page_of(PromotionRow),
    parameters=OfSupplier,
)
def supplier_promotions(request: Request[NoBody]) -> Answer:
    """All callers see active promotions; the supplier and overseers of suppliers see the rest too."""
    supplier_id, status = request.id("supplier_id"), request.parameters.status
    if status != "active" and not _inspects(request.caller, supplier_id):
        raise Forbidden("permission_required", f"For others, this takes the permission {standing.INSPECT}.")
    return listing(request, collection(supplier_id, status), PromotionRow)


def _inspects(principal: Principal, supplier_id: str) -> bool:
    return standing.sees(principal, supplier_id) or ADMINISTER in principal.permissions


@ROUTES.get(
    "/promotion-approvals",
    permission="promotion:approve",
    reply=page_of(ApprovalRow),
    parameters=OfTarget,
)
def approvals(request: Request[NoBody]) -> Answer:
    """What waits for a decision, the longest first: for a community's leader, or who decides for all."""
    target = request.parameters.community_id or GLOBAL
    if ADMINISTER not in request.caller.permissions:
        if target == GLOBAL:
            raise Forbidden("permission_required", f"This takes the permission {ADMINISTER}.")
        if target not in _led(request, (target,)):
            raise Forbidden("permission_required", "This is for the community's leader.")
    pk = keys.listing(request.tenant_id, transactions.queue(target))
    rows = List(tenant_id=request.tenant_id, pk=pk, index="GSI2", ascending=True)
    return listed(rows, request, _waiting)


def _waiting(item: Mapping[str, Any]) -> dict[str, Any]:
    return ApprovalRow.model_validate(item["summary"]).model_dump(mode="json")


@ROUTES.get("/promotions/{promotion_id}", permission="promotion:read", reply=PromotionView)
def one_promotion(request: Request[NoBody]) -> Answer:
    """A promotion that was never active is visible to its supplier and its approvers only."""
    ref = promotion_ref(request.id("promotion_id"))
    uses = budget.uses(request.tenant_id, ref.id).keys
    at = Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id), *uses]))
    stored = at.of(ref)
    promotion = stored.state
    insight = _insight(request, promotion)
    if not insight.any and promotion.first_activated_at is None:
        raise Unknown(ref.id)
    view = _public(ref.id, promotion)
    if insight.any:
        inside = {
            "cancelled_because": promotion.cancelled_because,
            "approval": _approval(promotion, insight),
            "budget": _budget(promotion, map(at.item, uses)) if insight.everything else None,
            "performance": _performance(request.tenant_id, ref.id, insight),
        }
        view = view.model_copy(update=inside)
    return found(view, stored.version)


@ROUTES.get(
    "/promotions/{promotion_id}/performance",
    permission="promotion:measure",
    reply=PerformanceView,
)
def performance(request: Request[NoBody]) -> Answer:
    """All of it for the supplier; a leader sees how it does in the communities that one leads."""
    ref = promotion_ref(request.id("promotion_id"))
    stored = Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)])).of(ref)
    promotion = stored.state
    insight = _insight(request, promotion)
    if not insight.any:
        raise Unknown(ref.id)
    view = PerformanceView(
        promotion_id=ref.id,
        first_activated_at=promotion.first_activated_at,
        performance=_performance(request.tenant_id, ref.id, insight),
    )
    return found(view)


def _led(request: Request[Any], communities: Iterable[str]) -> frozenset[str]:
    """Of these communities those that the caller leads."""
    standings = {each: keys.community_standing(request.tenant_id, each) for each in communities}
    known = reads.batch(list(standings.values())) if standings else {}
    return frozenset(
        each
        for each, key in standings.items()
        if key in known and known[key]["owner_id"] == request.caller.id and known[key]["status"] != "deleted"
    )


def _insight(request: Request[Any], promotion: Promotion) -> Insight:
    caller = request.caller
    if _inspects(caller, promotion.supplier_id):
        return Insight(everything=True, targets=frozenset())
    asked = [each.id for each in promotion.targets if each.id != GLOBAL]
    led = _led(request, asked) if "promotion:approve" in caller.permissions else frozenset[str]()
    return Insight(everything=False, targets=led)


def _public(promotion_id: str, promotion: Promotion) -> PromotionView:
    details = promotion.details
    return PromotionView(
        id=promotion_id,
        supplier_id=promotion.supplier_id,
        status=promotion.status,
        title=details.title,
        description=details.description,
        kind=details.kind,
        featured=details.products,
        products=promotion.products,
        visibility=details.visibility,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        limits=details.limits,
        created_at=promotion.created_at,
        updated_at=promotion.updated_at,
        first_activated_at=promotion.first_activated_at,
        cancelled_because=None,
        approval=None,
        budget=None,
        performance=None,
    )


def _approval(promotion: Promotion, insight: Insight) -> Approval:
    """Before it is submitted, whom it will be submitted to."""
    targets = promotion.targets or tuple(Target(id=each) for each in promotion.details.targets)
    return Approval(
        targets=tuple(each for each in targets if insight.sees(each.id)),
        submitted_at=promotion.submitted_at,
        decide_by=promotion.decide_by,
    )


def _budget(promotion: Promotion, items: Iterable[Mapping[str, Any] | None]) -> BudgetView:
    """Before it is submitted, all of it remains."""
    limits, there = promotion.details.limits, [item for item in items if item and "available" in item]
    remaining = level(there).available if there and limits.uses is not None else limits.uses
    return BudgetView(limit=limits.uses, remaining=remaining, per_customer=limits.per_customer)


def _performance(tenant_id: str, promotion_id: str, insight: Insight) -> tuple[Performance, ...]:
    rows = reads.between(generations.partition(tenant_id, PROMOTION_PERFORMANCE.name, promotion_id), "0", "~")
    return tuple(
        Performance(
            community_id=None if row["SK"] == EVERYBODY else row["SK"],
            impressions=row.get("impressions", 0),
            clicks=row.get("clicks", 0),
            conversions=row.get("conversions", 0),
            revenue_cents=row.get("revenue_cents", 0),
        )
        for row in rows
        if insight.sees(GLOBAL if row["SK"] == EVERYBODY else row["SK"])
    )
