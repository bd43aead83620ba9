"""The catalogue of permissions, system-wide, and the roles that come with every tenant."""

from collections.abc import Mapping
from typing import NamedTuple

from troupe.security.permission_names import MEANINGS


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


CATALOGUE = tuple(Permission(name, description) for name, description in MEANINGS.items())
NAMES = frozenset(permission.name for permission in CATALOGUE)
SELF = "self"  # no permission of the catalogue: any signed-in principal may, about itself alone

OPERATOR_ONLY = frozenset(
    {"tenant:suspend", "tenant:reactivate", "tenant:update_quotas", "feature_flag:define"}
)
_TENANTS = NAMES - OPERATOR_ONLY
_ADMIN = _TENANTS - {"tenant:cancel", "tenant:update_plan"}


def _of(resource: str, *actions: str) -> frozenset[str]:
    """These actions on a resource."""
    return frozenset(f"{resource}:{action}" for action in actions)


_SHOP_READER = _of("supplier", "read") | _of("product", "read") | _of("promotion", "read")
_COMMUNITY_READER = _of("community", "read") | _of("membership", "read") | _of("post", "read")
_RECOVERY_READER = frozenset[str]().union(
    *(_of(each, "read") for each in ("workspace", "stripe_account", "dunning_sequence")),
    *(_of(each, "read") for each in ("subscription_at_risk", "recovery_attempt", "metric_snapshot")),
)
_MEMBER = frozenset[str]().union(
    _of("user", "read", "follow"),
    _of("organization", "read"),
    _of("feature_flag", "read"),
    _SHOP_READER,
    _COMMUNITY_READER,
    _of("comment", "read"),
)
# Who moderates a community, and who leads it, the community says: a consumer may be made its moderator.
_CONSUMER = _MEMBER.union(
    _of("supplier", "rate"),
    _of("promotion", "record_impressions"),
    _of("order", "read", "place", "pay", "cancel", "request_return"),
    _of("community", "join", "leave"),
    _of("membership", "approve", "decline", "ban", "unban"),
    _of("post", "create", "edit", "publish", "hide", "restore", "delete", "react", "vote"),
    _of("comment", "create", "delete"),
    _of("report", "create", "read", "resolve"),
    _of("global_distribution", "request"),
)
_LEADER = _CONSUMER.union(
    _of("community", "create", "update", "delete", "restore", "transfer"),
    _of("membership", "set_role"),
    _of("promotion", "approve", "reject", "measure"),
)
_STAFF = _MEMBER.union(
    _RECOVERY_READER,
    _of("user", "inspect"),
    _of("tenant", "read"),
    _of("role", "read"),
    _of("supplier", "inspect"),
    _of("inventory", "read"),
    _of("promotion", "measure"),
    _of("order", "read", "inspect"),
    _of("report", "read"),
    _of("global_distribution", "read"),
    _of("talent", "read", "write"),
)
_SUPPLIER = _SHOP_READER.union(
    _of("supplier", "update", "upload_document", "submit", "change_bank_details", "open_payout_account"),
    _of("product", "create", "update", "publish", "unpublish", "delete", "restore"),
    _of("inventory", "read", "add_location", "set", "adjust", "split"),
    _of("promotion", "create", "update", "submit", "pause", "resume", "cancel", "measure"),
    _of("order", "read", "accept_lines", "reject_lines", "ship_lines", "deliver_lines"),
    _of("order", "approve_return", "refund_lines"),
    _of("community", "read"),
)

BUILT_IN: Mapping[str, frozenset[str]] = {
    "owner": _TENANTS,
    "admin": _ADMIN,
    "consumer": _CONSUMER,
    "leader": _LEADER,
    "staff": _STAFF,
    "supplier": _SUPPLIER,
    "operator": OPERATOR_ONLY
    | {"tenant:read", "tenant:update_plan", "tenant:cancel", "usage:record", "feature_flag:read"}
    | {"feature_flag:override", "audit:read"},
}
ASSIGNABLE = frozenset({"owner", "admin"})  # and the tenant's own roles; the others follow from the kind


def granted(roles: frozenset[str], own: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What a set of roles allows, `own` being the tenant's own roles; an unknown role grants nothing."""
    sets = (BUILT_IN.get(role) or own.get(role) or frozenset() for role in roles)
    return frozenset[str]().union(*sets)
