"""The plans, and what each of them allows.

They are the plans of all four documents in one row: `starter`, `pro` and `growth` are the payment recovery
document's, `free`, `pro` and `enterprise` the subscription tiers of the podcast document. `trial` is ours: a
tenant that a stranger founds has its quotas until the trial ends, and then those of `free`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from troupe.domain.buckets import UNLIMITED

type Offered = Literal["free", "starter", "pro", "growth", "enterprise"]
type Plan = Literal["trial"] | Offered
type Tier = Literal["free", "pro", "enterprise"]

GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How much of everything a tenant may have (RFC-0007, Tenant domain); organizations are ours."""

    max_talents: int
    max_campaigns: int
    max_users: int
    max_organizations: int
    max_api_calls_per_month: int
    max_storage_bytes: int
    max_mails_per_day: int = 50  # that the tenant's staff causes: invitations


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What an operator set apart from the plan; None is as the plan says."""

    max_talents: int | None = None
    max_campaigns: int | None = None
    max_users: int | None = None
    max_organizations: int | None = None
    max_api_calls_per_month: int | None = None
    max_storage_bytes: int | None = None
    max_mails_per_day: int | None = None


PLANS: Mapping[Plan, Quotas] = {
    "trial": Quotas(
        max_talents=5,
        max_campaigns=3,
        max_users=25,
        max_organizations=5,
        max_api_calls_per_month=10_000,
        max_storage_bytes=GIB,
        max_mails_per_day=20,
    ),
    "free": Quotas(
        max_talents=5,
        max_campaigns=3,
        max_users=50,
        max_organizations=1,
        max_api_calls_per_month=10_000,
        max_storage_bytes=GIB,
        max_mails_per_day=50,
    ),
    "starter": Quotas(
        max_talents=25,
        max_campaigns=15,
        max_users=500,
        max_organizations=2,
        max_api_calls_per_month=100_000,
        max_storage_bytes=10 * GIB,
        max_mails_per_day=200,
    ),
    "pro": Quotas(
        max_talents=100,
        max_campaigns=60,
        max_users=5_000,
        max_organizations=5,
        max_api_calls_per_month=1_000_000,
        max_storage_bytes=100 * GIB,
        max_mails_per_day=1_000,
    ),
    "growth": Quotas(
        max_talents=500,
        max_campaigns=300,
        max_users=50_000,
        max_organizations=25,
        max_api_calls_per_month=10_000_000,
        max_storage_bytes=1024 * GIB,
        max_mails_per_day=10_000,
    ),
    "enterprise": Quotas(
        max_talents=UNLIMITED,
        max_campaigns=UNLIMITED,
        max_users=UNLIMITED,
        max_organizations=UNLIMITED,
        max_api_calls_per_month=UNLIMITED,
        max_storage_bytes=UNLIMITED,
        max_mails_per_day=UNLIMITED,
    ),
}

RATES: Mapping[Plan, int] = {  # API calls a minute, of all principals of a tenant
    "trial": 1_200,
    "free": 1_200,
    "starter": 3_000,
    "pro": 12_000,
    "growth": 60_000,
    "enterprise": UNLIMITED,
}

UPLOADS: Mapping[Plan, int] = {  # files a day (UTC), of all principals of a tenant
    "trial": 200,
    "free": 200,
    "starter": 1_000,
    "pro": 5_000,
    "growth": 20_000,
    "enterprise": UNLIMITED,
}

RANKS: Mapping[Plan, int] = {"trial": 0, "free": 0, "starter": 1, "pro": 2, "growth": 3, "enterprise": 4}
TIERS: Mapping[Plan, Tier] = {
    "trial": "free",
    "free": "free",
    "starter": "pro",
    "pro": "pro",
    "growth": "pro",
    "enterprise": "enterprise",
}

# A quota's name, and the field that limits it. The first ones count what is there; they have a tally each.
STANDING = {
    "talents": "max_talents",
    "campaigns": "max_campaigns",
    "users": "max_users",
    "organizations": "max_organizations",
    "storage_bytes": "max_storage_bytes",
}
MONTHLY = {"api_calls": "max_api_calls_per_month"}
DAILY = {"mails": "max_mails_per_day"}


def allowed(plan: Plan, overrides: Overrides) -> Quotas:
    """What a plan allows, with what is set apart from it."""
    own = {name: value for name, value in asdict(overrides).items() if value is not None}
    return Quotas(**(asdict(PLANS[plan]) | own))


def limits(quotas: Quotas) -> dict[str, int]:
    """The limit of each quota by the quota's name, as the tenant's standing has it."""
    values = asdict(quotas)
    return {name: values[field] for name, field in (STANDING | MONTHLY | DAILY).items()}
