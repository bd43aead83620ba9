"""What may be asked about a tenant: itself, its organizations, its usage, and which features are on."""

from collections.abc import Mapping
from typing import Any

from identity.feature.catalogue import CATALOGUE, evaluated, overrides
from identity.organization.decider import ORGANIZATION, Organization
from identity.plans import DAILY, MONTHLY, STANDING
from identity.query_routes import ROUTES
from identity.tenant.decider import TENANT, Tenant
from identity.tenant.responses import (
    FlagList,
    FlagView,
    OrganizationRow,
    OrganizationView,
    TenantView,
    UsageView,
    quota_use,
    tenant_view,
)
from identity.usage import metering
from troupe.domain.time_zones import month_of
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, listed, page_of
from troupe.edge.request import Request
from troupe.quota import daily, quota
from troupe.store import keys, reads
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown, load


@ROUTES.get("/tenants/{tenant_id}", permission="tenant:read", reply=TenantView)
def tenant(request: Request[NoBody]) -> Answer:
    stored = load(request.tenant_id, TENANT, request.tenant_id)
    if not isinstance(stored.state, Tenant):
        raise Unknown(request.tenant_id)
    return found(tenant_view(stored.id, stored.state), stored.version)


@ROUTES.get(
    "/organizations", permission="organization:read", reply=page_of(OrganizationRow), parameters=Paging
)
def organizations(request: Request[NoBody]) -> Answer:
    pk = keys.listing(request.tenant_id, "ORGANIZATIONS")
    rows = List(tenant_id=request.tenant_id, pk=pk, index="GSI1", ascending=True)
    return listed(rows, request, lambda item: OrganizationRow(**item["summary"]).model_dump())


@ROUTES.get("/organizations/{organization_id}", permission="organization:read", reply=OrganizationView)
def organization(request: Request[NoBody]) -> Answer:
    stored = load(request.tenant_id, ORGANIZATION, request.id("organization_id"))
    state = stored.state
    if not isinstance(state, Organization):
        raise Unknown(stored.id)
    view = OrganizationView(
        id=stored.id, name=state.name, settings=state.settings, created_at=state.created_at
    )
    return found(view, stored.version)


@ROUTES.get("/tenants/{tenant_id}/usage", permission="tenant:read", reply=UsageView)
def usage(request: Request[NoBody]) -> Answer:
    tenant_id = request.tenant_id
    months = tuple(metering.months(request.now))
    counted = (key for month in months for key in metering.counted(tenant_id, month))
    tallies = (
        *(key for name in STANDING for key in quota.wanted(tenant_id, name)),
        *(daily.counter(tenant_id, name) for name in DAILY),
    )
    items = reads.batch((keys.standing(tenant_id), *tallies, *counted))
    published = metering.published(Snapshot(scope=request.scope, items=items))
    month = month_of(request.now, published["zone"])
    totals = metering.totals(tenant_id, month, items)
    used = _used(tenant_id, items) | {name: totals.get(name, 0) for name in MONTHLY}
    today = request.now.date()
    used |= {name: daily.used_on(items.get(daily.counter(tenant_id, name), {}), today) for name in DAILY}
    limits: Mapping[str, int] = published["limits"]
    quotas = tuple(quota_use(name, used[name], limits[name]) for name in sorted(limits))
    return found(UsageView(period=month, quotas=quotas, usage=totals))


def _used(tenant_id: str, items: Mapping[Key, Mapping[str, Any]]) -> dict[str, int]:
    return {name: quota.level(items, tenant_id, name).used for name in STANDING}


@ROUTES.get("/feature-flags", permission="feature_flag:read", reply=FlagList)
def feature_flags(request: Request[NoBody]) -> Answer:
    """Every feature as it is for the tenant, and what decided: kill, tenant, rollout, global or default."""
    own = overrides(request.tenant_id)
    items = reads.batch((CATALOGUE, own))
    flags = evaluated(items.get(CATALOGUE), items.get(own), request.tenant_id)
    views = (
        FlagView(
            name=flag.name,
            description=flag.definition.description,
            enabled=flag.evaluation.enabled,
            reason=flag.evaluation.reason,
        )
        for flag in flags
    )
    return found(FlagList(items=tuple(views)))
