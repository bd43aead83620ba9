"""What may be asked of a tenant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from identity.plans import Overrides, Plan
from identity.tenant.events import Settings
from troupe.domain.limits import Reason


class SettingsChanges(TypedDict, total=False):
    """What changes of a tenant's settings; what is not in it stays, and a map is replaced whole."""

    name: str
    domain: str | None
    billing_email: str | None
    metadata: Mapping[str, Any]
    zone: str
    open_sign_up: bool
    default_currency: str
    commission_basis_points: int
    tax_rates: Mapping[str, int]
    return_window_days: int
    payout_hold_days: int
    promotion_decision_days: int
    order_accept_hours: int
    custom: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionTenant:
    name: str
    slug: str
    plan: Plan
    zone: str
    domain: str | None = None
    billing_email: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """Confirm a plan, which ends a trial; one that allows less than is used takes nothing away.

    `may_raise`: an operator, or what was paid for, asks; a tenant alone may only go down.
    """

    plan: Plan
    may_raise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendTenant:
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactivateTenant:
    """End a suspension, or a trial before its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTenant:
    """Cancel for good: no more writes, and the slug stays taken if the owner has proved the address."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSettings:
    changes: SettingsChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateQuotas:
    """Set a tenant's limits apart from its plan's, all of them at once."""

    overrides: Overrides


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTrial:
    """The trial is over: `trial` and `free` go on as `free`; a tenant on another plan is suspended."""


type Command = (
    UpdatePlan | SuspendTenant | ReactivateTenant | CancelTenant | UpdateSettings | UpdateQuotas | EndTrial
)
