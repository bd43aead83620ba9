"""The catalogue of permissions, system-wide, and the roles that come with every tenant."""

from collections.abc import Mapping
from typing import NamedTuple


class Permission(NamedTuple):
    """`resource:action`, and what it lets a person do."""

    name: str
    description: str

    @property
    def resource(self) -> str:
        return self.name.partition(":")[0]

    @property
    def action(self) -> str:
        return self.name.partition(":")[2]


CATALOGUE = tuple(
    Permission(name, description)
    for name, description in {
        "user:read": "See the people of the tenant, as they show themselves",
        "user:inspect": "See people's accounts: addresses, standing, roles, sign-ins",
        "user:create": "Invite staff",
        "user:follow": "Follow other people",
        "user:promote": "Make a consumer a leader",
        "user:suspend": "Suspend a person",
        "user:reactivate": "Lift a suspension",
        "user:deactivate": "End a staff member's access",
        "user:delete": "Delete a person",
        "user:restore": "Restore a deleted person",
        "user:unlock": "Lift a lock after failed sign-ins",
        "organization:read": "See the organizations",
        "organization:create": "Create an organization",
        "organization:update": "Change an organization",
        "organization:assign": "Put people into organizations and take them out",
        "role:read": "See the roles and the permissions",
        "role:create": "Create a role",
        "role:update": "Change a role",
        "role:delete": "Delete a role",
        "role:assign": "Give a role to a person",
        "role:revoke": "Take a role from a person",
        "tenant:read": "See the tenant, its plan and its usage",
        "tenant:update_plan": "Change the plan",
        "tenant:update_settings": "Change the settings",
        "tenant:cancel": "Cancel the tenancy, for good",
        "tenant:suspend": "Suspend a tenant",
        "tenant:reactivate": "Reactivate a tenant",
        "tenant:update_quotas": "Set a tenant's quotas apart from its plan",
        "usage:record": "Record metered usage",
        "feature_flag:read": "See which features are on, and why",
        "feature_flag:override": "Turn a feature on or off for the tenant",
        "feature_flag:define": "Define a feature flag for the whole system",
        "workspace:read": "See the recovery workspaces and their settings",
        "workspace:create": "Create a recovery workspace",
        "workspace:update": "Change a recovery workspace and its settings",
        "workspace:deactivate": "Deactivate a recovery workspace: everything in it pauses",
        "workspace:reactivate": "Reactivate a recovery workspace",
        "stripe_account:read": "See the connected Stripe accounts",
        "stripe_account:connect": "Connect a Stripe account to a workspace",
        "stripe_account:disconnect": "Disconnect a Stripe account",
        "dunning_sequence:read": "See the dunning sequences and their versions",
        "dunning_sequence:create": "Write a dunning sequence",
        "dunning_sequence:update": "Publish a new version of a dunning sequence",
        "dunning_sequence:enable": "Have a dunning sequence used",
        "dunning_sequence:disable": "Have a dunning sequence used no more",
        "dunning_sequence:migrate": "Move running recovery attempts to a sequence's newest version",
        "subscription_at_risk:read": "See the subscriptions at risk",
        "subscription_at_risk:flag": "Flag a subscription as at risk",
        "subscription_at_risk:resolve": "Say that a subscription is at risk no more",
        "recovery_attempt:read": "See the recovery attempts, their timelines, outcomes and what is due next",
        "recovery_attempt:start": "Start the recovery of a failed invoice",
        "recovery_attempt:record_payment": "Record a payment attempt that happened elsewhere",
        "recovery_attempt:retry": "Charge a failed invoice again",
        "recovery_attempt:hold": "Hold a recovery attempt",
        "recovery_attempt:resume": "Resume a recovery attempt that is held",
        "recovery_attempt:mark_recovered": "Say that a recovery attempt succeeded",
        "recovery_attempt:mark_failed": "Say that a recovery attempt failed",
        "recovery_attempt:abandon": "Abandon a recovery attempt",
        "recovery_attempt:reverse": "Record that recovered money was given back",
        "recovery_attempt:send_step": "Send a dunning mail that is due",
        "metric_snapshot:read": "See the recovery metrics and their snapshots",
        "metric_snapshot:publish": "Publish a snapshot of the recovery metrics",
        "analytics:read": "See the business metrics",
        "audit:read": "See the history of anything",
    }.items()
)
NAMES = frozenset(permission.name for permission in CATALOGUE)

OPERATORS_ALONE = frozenset(
    {"tenant:suspend", "tenant:reactivate", "tenant:update_quotas", "feature_flag:define"}
)
_TENANTS = NAMES - OPERATORS_ALONE
_MEMBER = frozenset({"user:read", "user:follow", "organization:read", "feature_flag:read"})
_ADMIN = _TENANTS - {"tenant:cancel", "tenant:update_plan"}
_RECOVERY_READER = frozenset({"workspace:read", "stripe_account:read", "dunning_sequence:read"}) | {
    "subscription_at_risk:read",
    "recovery_attempt:read",
    "metric_snapshot:read",
}

BUILT_IN: Mapping[str, frozenset[str]] = {
    "owner": _TENANTS,
    "admin": _ADMIN,
    "consumer": _MEMBER,
    "leader": _MEMBER,
    "staff": _MEMBER | _RECOVERY_READER | {"user:inspect", "tenant:read", "role:read"},
    "supplier": frozenset(),
    "operator": OPERATORS_ALONE
    | {"tenant:read", "tenant:update_plan", "tenant:cancel", "usage:record", "feature_flag:read"}
    | {"feature_flag:override", "audit:read"},
}
ASSIGNABLE = frozenset({"owner", "admin"})  # and the tenant's own roles; the others follow from the kind


def granted(roles: frozenset[str], own: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a set of roles allows, `own` being the tenant's own roles; an unknown role grants nothing."""
    sets = (BUILT_IN.get(role) or own.get(role) or frozenset() for role in roles)
    return frozenset[str]().union(*sets)
