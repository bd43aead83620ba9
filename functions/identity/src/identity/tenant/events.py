"""What happens to a tenant, and the values that its events carry. Events are stored for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from identity.plans import Overrides, Plan, Quotas

type Status = Literal["trial", "active", "suspended", "cancelled"]

TRIAL_ENDED = "trial_ended"  # the reason of a suspension that a confirmed plan lifts


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a tenant decides for itself; `custom` is free, and nothing of ours looks into it.

    Of what a supplier sells, `commission_basis_points` are the tenant's. `tax_rates` are basis points by the
    country that is shipped to, and where there is none nothing is added.
    """

    open_sign_up: bool = False
    default_currency: str = "USD"
    commission_basis_points: int = 1000
    tax_rates: Mapping[str, int] = field(default_factory=dict[str, int])
    return_window_days: int = 14  # after delivery
    payout_hold_days: int = 7  # after delivery
    promotion_decision_days: int = 7  # for an approver
    order_accept_hours: int = 48  # for a supplier to take an order's lines
    custom: Mapping[str, Any] = field(default_factory=dict[str, Any])


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantProvisioned:
    """`limits` is what the plan allowed on that day."""

    name: str
    slug: str
    plan: Plan
    limits: Quotas
    zone: str
    settings: Settings
    at: datetime
    trial_ends_at: datetime
    domain: str | None = None
    billing_email: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantPlanChanged:
    """`activated`: with it the trial was over, or the suspension that had followed it."""

    was: Plan
    plan: Plan
    limits: Quotas
    activated: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSuspended:
    was: Status
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantReactivated:
    was: Status
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantCancelled:
    was: Status
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSettingsUpdated:
    """All of it as it is now, so that a reader needs no former one."""

    name: str
    domain: str | None
    billing_email: str | None
    metadata: Mapping[str, Any]
    zone: str
    settings: Settings
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantQuotasUpdated:
    overrides: Overrides
    limits: Quotas
    at: datetime


type Later = (
    TenantPlanChanged
    | TenantSuspended
    | TenantReactivated
    | TenantCancelled
    | TenantSettingsUpdated
    | TenantQuotasUpdated
)
type Event = TenantProvisioned | Later
