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

BUILT_IN: Mapping[str, frozenset[str]] = {
    "owner": _TENANTS,
    "admin": _ADMIN,
    "consumer": _MEMBER,
    "leader": _MEMBER,
    "staff": _MEMBER | {"user:inspect", "tenant:read", "role:read"},
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
