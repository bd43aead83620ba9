"""What moves with a tenant: the standing it publishes, the limits of its quotas, the guard of its domain.

The standing is the read model that the authorizer and other contexts go by. It is written in the transaction
that writes the tenant, always; so is everything else here.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from identity.plans import STANDING, Quotas, limits
from identity.tenant import names as tenant_names
from identity.tenant.decider import Tenant
from troupe.quota import quota
from troupe.store import keys, writes
from troupe.store.aggregates import Change
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action


def in_step(at: Snapshot, changed: Change[Tenant, Any, Any]) -> Decision:
    """A change of the tenant with all that moves with it."""
    return Decision(changes=(changed,), actions=moved(at, changed))


def moved(
    at: Snapshot, changed: Change[Tenant, Any, Any], used: Mapping[str, int] | None = None
) -> tuple[Action, ...]:
    """What goes with a change of a tenant. A new one claims its names, and `used` is what it begins with."""
    before, after = changed.before.state, changed.after.state
    if not changed.events or after is None:
        return ()
    if before is None:
        return _begun(at, after, used or {})
    tenant_id, now = at.scope.tenant_id, at.scope.context.now
    return (
        _kept(tenant_id, after),
        *_relimited(tenant_id, before.limits, after.limits),
        *_domain(tenant_id, before.domain, after.domain, now),
    )


def _begun(at: Snapshot, tenant: Tenant, used: Mapping[str, int]) -> tuple[Action, ...]:
    tenant_id, now, allowed = at.scope.tenant_id, at.scope.context.now, limits(tenant.limits)
    return (
        tenant_names.claim("slug", tenant.slug, tenant_id, now),
        *_domain(tenant_id, None, tenant.domain, now),
        writes.put(keys.standing(tenant_id), {**_published(tenant), "roles": {}}, absent=True),
        *(quota.opened(tenant_id, name, allowed[name], used.get(name, 0)) for name in STANDING),
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
        "settings": settings,
    }


def _kept(tenant_id: str, after: Tenant) -> Action:
    """All of it but the roles, which are written with the roles, and the refusal of further API calls."""
    values = _published(after)
    names = {f"#{name}": name for name in values}
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    return writes.update(
        keys.standing(tenant_id), expression, values, names=names, condition="attribute_exists(PK)"
    )


def _relimited(tenant_id: str, before: Quotas, after: Quotas) -> tuple[Action, ...]:
    """A lower limit than what is used is accepted: it stops growth, and takes nothing away."""
    was, now = limits(before), limits(after)
    return tuple(
        quota.relimit(tenant_id, name, was[name], now[name]) for name in STANDING if was[name] != now[name]
    )


def _domain(tenant_id: str, was: str | None, domain: str | None, now: datetime) -> tuple[Action, ...]:
    if was == domain:
        return ()
    released = (tenant_names.release("domain", was, tenant_id),) if was else ()
    claimed = (tenant_names.claim("domain", domain, tenant_id, now),) if domain else ()
    return (*released, *claimed)
