"""What is answered about tenants. A limit of null is none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from identity.feature.flag_decider import Reason
from identity.plans import TIERS, Overrides, Plan, Tier, limits
from identity.tenant.decider import Tenant
from identity.tenant.events import Settings, Status
from troupe.domain.buckets import UNLIMITED


class TenantView(BaseModel, frozen=True):
    """`quotas` is what is set apart from the plan, `limits` what holds."""

    id: str
    name: str
    slug: str
    domain: str | None
    status: Status
    reason: str | None
    plan: Plan
    subscription_tier: Tier
    billing_email: str | None
    metadata: Mapping[str, Any]
    zone: str
    settings: Settings
    limits: Mapping[str, int | None]
    quotas: Overrides
    trial_ends_at: datetime
    created_at: datetime
    updated_at: datetime


class OrganizationRow(BaseModel, frozen=True):
    id: str
    name: str


class OrganizationView(OrganizationRow, frozen=True):
    settings: Mapping[str, Any]
    created_at: datetime


class QuotaUse(BaseModel, frozen=True):
    """`available` is below zero where the limit was lowered under what is used."""

    quota: str
    used: int
    limit: int | None
    available: int | None


class UsageView(BaseModel, frozen=True):
    """`period` is the month in the tenant's zone, `usage` what was used in it, by metric."""

    period: str
    quotas: tuple[QuotaUse, ...]
    usage: Mapping[str, int]


class FlagView(BaseModel, frozen=True):
    name: str
    description: str
    enabled: bool
    reason: Reason


class FlagList(BaseModel, frozen=True):
    items: tuple[FlagView, ...]


def tenant_view(tenant_id: str, tenant: Tenant) -> TenantView:
    return TenantView(
        id=tenant_id,
        name=tenant.name,
        slug=tenant.slug,
        domain=tenant.domain,
        status=tenant.status,
        reason=tenant.reason,
        plan=tenant.plan,
        subscription_tier=TIERS[tenant.plan],
        billing_email=tenant.billing_email,
        metadata=tenant.metadata,
        zone=tenant.zone,
        settings=tenant.settings,
        limits={name: limit_or_none(limit) for name, limit in limits(tenant.limits).items()},
        quotas=tenant.overrides,
        trial_ends_at=tenant.trial_ends_at,
        created_at=tenant.created_at,
        updated_at=tenant.updated_at,
    )


def quota_use(name: str, used: int, limit: int) -> QuotaUse:
    left = None if limit_or_none(limit) is None else limit - used
    return QuotaUse(quota=name, used=used, limit=limit_or_none(limit), available=left)


def limit_or_none(limit: int) -> int | None:
    return None if limit >= UNLIMITED else limit
