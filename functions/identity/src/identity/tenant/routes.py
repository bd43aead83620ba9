"""The plain commands of a tenant."""

from typing import Annotated, cast

from pydantic import Field

from identity.plans import Offered, Overrides
from identity.tenant import transactions
from identity.tenant.commands import (
    CancelTenant,
    EndTrial,
    ReactivateTenant,
    SettingsChanges,
    SuspendTenant,
    UpdatePlan,
    UpdateQuotas,
    UpdateSettings,
)
from identity.tenant.decider import TENANT
from troupe.domain.buckets import UNLIMITED
from troupe.edge import fields
from troupe.edge.request import Request
from troupe.edge.routes import Routes, tenant

COUNTRIES = 250  # of ISO 3166-1 there are 249

BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
TaxRates = Annotated[dict[fields.Country, BasisPoints], Field(max_length=COUNTRIES)]
Limit = Annotated[int, Field(ge=0, le=UNLIMITED)]

routes = Routes(TENANT, target=tenant, also=transactions.with_published_status)


class PlanBody(fields.Body):
    """An owner may choose a lower plan or `free`; a higher one is confirmed by an operator."""

    plan: Offered


class QuotasBody(fields.Body):
    """What is null or left out is as the plan says."""

    max_talents: Limit | None = None
    max_campaigns: Limit | None = None
    max_users: Limit | None = None
    max_organizations: Limit | None = None
    max_api_calls_per_month: Limit | None = None
    max_storage_bytes: Limit | None = None
    max_mails_per_day: Limit | None = None


class SettingsBody(fields.Body):
    """What is not sent stays, and a map is replaced as a whole; null clears, where it is allowed."""

    name: fields.Name = Field(default_factory=str)
    domain: fields.Domain | None = None
    billing_email: fields.Email | None = None
    metadata: fields.Map = Field(default_factory=dict)
    zone: fields.Zone = Field(default_factory=str)
    open_sign_up: bool = Field(default_factory=bool)
    default_currency: fields.Currency = Field(default_factory=str)
    commission_basis_points: BasisPoints = Field(default_factory=int)
    tax_rates: TaxRates = Field(default_factory=dict[str, int])
    return_window_days: Annotated[int, Field(ge=0, le=365)] = Field(default_factory=int)
    payout_hold_days: Annotated[int, Field(ge=0, le=90)] = Field(default_factory=int)
    promotion_decision_days: Annotated[int, Field(ge=1, le=60)] = Field(default_factory=int)
    order_accept_hours: Annotated[int, Field(ge=1, le=336)] = Field(default_factory=int)
    custom: fields.Map = Field(default_factory=dict)


def _quotas(request: Request[QuotasBody]) -> UpdateQuotas:
    return UpdateQuotas(overrides=Overrides(**request.body.model_dump()))


def _plan(request: Request[PlanBody]) -> UpdatePlan:
    return UpdatePlan(plan=request.body.plan, may_raise=request.caller.kind in {"operator", "system"})


def _settings(request: Request[SettingsBody]) -> UpdateSettings:
    return UpdateSettings(changes=cast("SettingsChanges", fields.given(request.body)))


update_plan = routes.put(
    "/tenants/{tenant_id}/plan",
    UpdatePlan,
    permission="tenant:update_plan",
    body=PlanBody,
    make=_plan,
    refusals=("plan_not_confirmed", "tenant_cancelled"),
    example={"plan": "free"},
)
suspend_tenant = routes.post(
    "/tenants/{tenant_id}/suspend",
    SuspendTenant,
    permission="tenant:suspend",
    refusals=("invalid_transition",),
    example={"reason": "The invoice of February is unpaid."},
)
reactivate_tenant = routes.post(
    "/tenants/{tenant_id}/reactivate",
    ReactivateTenant,
    permission="tenant:reactivate",
    refusals=("invalid_transition",),
)
cancel_tenant = routes.post(
    "/tenants/{tenant_id}/cancel",
    CancelTenant,
    permission="tenant:cancel",
    refusals=("invalid_transition",),
    example={"reason": "We merge into another agency."},
)
update_quotas = routes.put(
    "/tenants/{tenant_id}/quotas",
    UpdateQuotas,
    permission="tenant:update_quotas",
    body=QuotasBody,
    make=_quotas,
    refusals=("tenant_cancelled",),
    example={"max_users": 80000, "max_api_calls_per_month": 25000000},
)
update_settings = routes.patch(
    "/tenants/{tenant_id}/settings",
    UpdateSettings,
    permission="tenant:update_settings",
    body=SettingsBody,
    make=_settings,
    refusals=("too_many_zones", "tenant_cancelled"),
    example={
        "name": "Acme Creators GmbH",
        "open_sign_up": True,
        "default_currency": "EUR",
        "custom": {"theme": {"dark": True}},
    },
)
end_trial = routes.started("the hourly schedule", EndTrial, refusals=("trial_not_over",))
