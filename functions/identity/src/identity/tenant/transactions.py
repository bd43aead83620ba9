"""What moves with a tenant: the standing it publishes, the limits of its quotas, the guard of its slug.

The standing is the read model that the authorizer and other contexts go by. It is written in the transaction
that writes the tenant, always; so is everything else here.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from identity import slugs
from identity.plans import DAILY, RATES, STANDING, UPLOADS, Quotas, limits
from identity.tenant.decider import Tenant
from troupe.domain.decider import Rejected
from troupe.domain.instants import rfc3339
from troupe.quota import daily, quota, rates, uploads
from troupe.store import keys, tenant_status, writes
from troupe.store.aggregates import Change
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action

MOST_ZONES = 25
SETTLED = timedelta(minutes=5)  # after which a new zone counts: longer than clocks differ, and commits take


def with_published_status(at: Snapshot, changed: Change[Tenant, Any, Any]) -> Decision:
    """A change of the tenant with all that moves with it."""
    return Decision(changes=(changed,), actions=actions_of(at, changed))


def actions_of(
    at: Snapshot, changed: Change[Tenant, Any, Any], used: Mapping[str, int] | None = None
) -> tuple[Action, ...]:
    """What goes with a change of a tenant. A new one reserves its slug, and `used` is what it begins with."""
    before, after = changed.before.state, changed.after.state
    if not changed.events or after is None:
        return ()
    if before is None:
        return _begun(at, after, used or {})
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    ended = () if before.zone == after.zone else ((rfc3339(now + SETTLED), before.zone),)
    return (
        _kept(tenant_id, after, ended),
        *_status(tenant_id, after),
        *_relimited(tenant_id, before.limits, after.limits),
    )


def _begun(at: Snapshot, tenant: Tenant, used: Mapping[str, int]) -> tuple[Action, ...]:
    tenant_id, now, allowed = at.scope.tenant_id, at.scope.context.now, limits(tenant.limits)
    return (
        slugs.reserve(tenant.slug, tenant_id, now),
        writes.put(keys.standing(tenant_id), {**_published(tenant), "roles": {}}, absent=True),
        *_status(tenant_id, tenant),
        *(
            action
            for name in STANDING
            for action in quota.opened(tenant_id, name, allowed[name], used.get(name, 0))
        ),
        *(daily.opened(tenant_id, name, allowed[name]) for name in DAILY),
    )


def _published(tenant: Tenant) -> dict[str, Any]:
    settings = asdict(tenant.settings)
    del settings["custom"]  # the tenant's own affair
    return {
        "status": tenant.status,
        "plan": tenant.plan,
        "zone": tenant.zone,
        "slug": tenant.slug,
        "name": tenant.name,
        "open_sign_up": tenant.settings.open_sign_up,
        "limits": limits(tenant.limits),
        rates.LIMIT: RATES[tenant.plan],
        uploads.LIMIT: UPLOADS[tenant.plan],
        "settings": settings,
    }


def _status(tenant_id: str, tenant: Tenant) -> tuple[Action, ...]:
    return tenant_status.published(tenant_id, tenant.status, open_sign_up=tenant.settings.open_sign_up)


def _kept(tenant_id: str, after: Tenant, ended: tuple[tuple[str, str], ...]) -> Action:
    """All of it but the roles, which are written with the roles, and the refusal of further API calls.

    `ended`: the zone that ends, and when. By them what happened before is counted, also in a rebuild.
    """
    values = _published(after)
    names = {f"#{name}": name for name in values}
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    if not ended:
        return writes.update(
            keys.standing(tenant_id), expression, values, names=names, condition="attribute_exists(PK)"
        )
    return writes.update(
        keys.standing(tenant_id),
        f"{expression}, zones = list_append(if_not_exists(zones, :none), :ended)",
        {**values, "ended": ended, "none": (), "most": MOST_ZONES},
        names=names,
        condition="attribute_not_exists(zones) OR size(zones) < :most",
        refused=Rejected("too_many_zones", f"A tenant changes its zone {MOST_ZONES} times at most."),
    )


def _relimited(tenant_id: str, before: Quotas, after: Quotas) -> tuple[Action, ...]:
    """A lower limit than what is used is accepted: it stops growth, and takes nothing away."""
    was, now = limits(before), limits(after)
    return (
        *(
            action
            for name in STANDING
            if was[name] != now[name]
            for action in quota.relimit(tenant_id, name, was[name], now[name])
        ),
        *(daily.relimit(tenant_id, name, now[name]) for name in DAILY if was[name] != now[name]),
    )
