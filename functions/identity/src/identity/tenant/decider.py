"""A tenant: an agency, a network, a shop or a business, from its trial to its cancellation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal, assert_never

from identity.plans import RANKS, Overrides, Plan, Quotas, allowed
from identity.tenant.commands import (
    CancelTenant,
    Command,
    EndTrial,
    ProvisionTenant,
    ReactivateTenant,
    SuspendTenant,
    UpdatePlan,
    UpdateQuotas,
    UpdateSettings,
)
from identity.tenant.events import (
    TRIAL_ENDED,
    Event,
    Later,
    Settings,
    Status,
    TenantCancelled,
    TenantPlanChanged,
    TenantProvisioned,
    TenantQuotasUpdated,
    TenantReactivated,
    TenantSettingsUpdated,
    TenantSuspended,
)
from identity.tenant.slug_rules import check_slug
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.lifecycle import Lifecycle, Move

TRIAL = timedelta(days=14)
_SETTINGS = frozenset(each.name for each in fields(Settings))
_EDITABLE = frozenset(each.name for each in fields(TenantSettingsUpdated)) - {"at"}

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """`limits` is what the plan allowed when it was last changed, with what is set apart from it."""

    status: Status
    name: str
    slug: str
    plan: Plan
    limits: Quotas
    zone: str
    settings: Settings
    created_at: datetime
    updated_at: datetime
    trial_ends_at: datetime
    domain: str | None = None
    billing_email: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    overrides: Overrides = field(default_factory=Overrides)
    reason: str | None = None  # of a suspension or a cancellation
    state: Literal["tenant"] = "tenant"


def begin(event: TenantProvisioned) -> Tenant:
    return Tenant(
        status="trial",
        name=event.name,
        slug=event.slug,
        plan=event.plan,
        limits=event.limits,
        zone=event.zone,
        settings=event.settings,
        created_at=event.at,
        updated_at=event.at,
        trial_ends_at=event.trial_ends_at,
        domain=event.domain,
        billing_email=event.billing_email,
        metadata=event.metadata,
    )


def evolve(state: Tenant, event: Later) -> Tenant:
    return replace(_evolve(state, event), updated_at=event.at)


def _evolve(state: Tenant, event: Later) -> Tenant:
    match event:
        case TenantPlanChanged():
            changed = replace(state, plan=event.plan, limits=event.limits)
            return replace(changed, status="active", reason=None) if event.activated else changed
        case TenantSuspended():
            return replace(state, status="suspended", reason=event.reason)
        case TenantReactivated():
            return replace(state, status="active", reason=None)
        case TenantCancelled():
            return replace(state, status="cancelled", reason=event.reason, domain=None)
        case TenantSettingsUpdated():
            return replace(state, **{name: getattr(event, name) for name in _EDITABLE})
        case TenantQuotasUpdated():
            return replace(state, overrides=event.overrides, limits=event.limits)
        case _:
            assert_never(event)


MOVES = Lifecycle[Tenant, Event](
    {
        SuspendTenant: Move(
            {"trial", "active"},
            "suspended",
            lambda command, tenant, context: TenantSuspended(
                was=tenant.status, reason=command.reason, at=context.now
            ),
        ),
        ReactivateTenant: Move(
            {"trial", "suspended"},
            "active",
            lambda _command, tenant, context: TenantReactivated(was=tenant.status, at=context.now),
        ),
        CancelTenant: Move(
            {"trial", "active", "suspended"},
            "cancelled",
            lambda command, tenant, context: TenantCancelled(
                was=tenant.status, reason=command.reason, at=context.now
            ),
        ),
    }
)


def create(command: ProvisionTenant, context: Context) -> tuple[Event, ...]:
    check_slug(command.slug)
    provisioned = TenantProvisioned(
        name=command.name,
        slug=command.slug,
        plan=command.plan,
        limits=allowed(command.plan, Overrides()),
        zone=command.zone,
        settings=command.settings,
        at=context.now,
        trial_ends_at=context.now + TRIAL,
        domain=command.domain,
        billing_email=command.billing_email,
        metadata=command.metadata,
    )
    return (provisioned,)


def decide(command: Command, state: Tenant, context: Context) -> tuple[Event, ...]:
    match command:
        case SuspendTenant() | ReactivateTenant() | CancelTenant():
            return MOVES.decide(command, state, context)
        case EndTrial():
            return _end_trial(state, context)
        case UpdatePlan() | UpdateSettings() | UpdateQuotas():
            if state.status == "cancelled":
                raise Rejected("tenant_cancelled", "A cancelled tenant stays as it is.")
            return _change(command, state, context)
        case _:
            assert_never(command)


def _end_trial(state: Tenant, context: Context) -> tuple[Event, ...]:
    if state.status != "trial":
        return ()
    if context.now < state.trial_ends_at:
        raise Rejected("trial_not_over", "The trial goes on until its last day.")
    if state.plan == "trial":
        free = allowed("free", state.overrides)
        changed = TenantPlanChanged(was="trial", plan="free", limits=free, activated=True, at=context.now)
        return (changed,)
    if state.plan == "free":
        return (TenantReactivated(was="trial", at=context.now),)
    return (TenantSuspended(was="trial", reason=TRIAL_ENDED, at=context.now),)


def _change(
    command: UpdatePlan | UpdateSettings | UpdateQuotas, state: Tenant, context: Context
) -> tuple[Event, ...]:
    match command:
        case UpdatePlan():
            return _update_plan(command, state, context)
        case UpdateSettings():
            return _update_settings(command, state, context)
        case UpdateQuotas():
            limits = allowed(state.plan, command.overrides)
            updated = TenantQuotasUpdated(overrides=command.overrides, limits=limits, at=context.now)
            return () if (command.overrides, limits) == (state.overrides, state.limits) else (updated,)
        case _:
            assert_never(command)


def _update_plan(command: UpdatePlan, state: Tenant, context: Context) -> tuple[Event, ...]:
    if RANKS[command.plan] > RANKS[state.plan] and not command.may_raise:
        raise Rejected("plan_not_confirmed", "A higher plan is confirmed by the operator of the platform.")
    waits = state.status == "trial" or (state.status == "suspended" and state.reason == TRIAL_ENDED)
    limits = allowed(command.plan, state.overrides)
    if not waits and (command.plan, limits) == (state.plan, state.limits):
        return ()
    changed = TenantPlanChanged(
        was=state.plan, plan=command.plan, limits=limits, activated=waits, at=context.now
    )
    return (changed,)


def _update_settings(command: UpdateSettings, state: Tenant, context: Context) -> tuple[Event, ...]:
    given: Mapping[str, Any] = command.changes
    settings = replace(state.settings, **{name: value for name, value in given.items() if name in _SETTINGS})
    tenant = {name: value for name, value in given.items() if name not in _SETTINGS}
    changed = replace(state, settings=settings, **tenant)
    if changed == state:
        return ()
    values = {name: getattr(changed, name) for name in _EDITABLE}
    return (TenantSettingsUpdated(**values, at=context.now),)


def _listed(state: Tenant, _tenant_id: str) -> Listing:
    if state.status != "trial":
        return Listing()
    return Listing(due=("trial", state.trial_ends_at))


TENANT = Decider[Tenant, ProvisionTenant | Command, Event](
    name="tenant",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("tenant", Event),
    state=Tenant,
    listed=_listed,
)
