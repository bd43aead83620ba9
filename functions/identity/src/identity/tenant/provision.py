"""Provisioning: a stranger makes a tenant with its default organization and its first owner, all or nothing.

An owner's address that is taken is answered like a new one, and the slug is reserved as the tenant would
reserve it. A tenant whose owner does not prove the address in time ends.
"""

from dataclasses import dataclass
from typing import Any

from identity import slugs
from identity.organization.decider import ORGANIZATION, CreateOrganization
from identity.sign_up.sign_up import Registration, joined
from identity.staff.transactions import added
from identity.tenant import transactions
from identity.tenant.commands import ProvisionTenant
from identity.tenant.decider import TENANT
from identity.usage.period_decider import USAGE_PERIOD, ScheduleUsagePeriod, end
from identity.user import owners
from troupe.domain.time_zones import month_of
from troupe.edge.request import Request
from troupe.ids import new_id
from troupe.quota import source_limits
from troupe.security import addresses
from troupe.security.addresses import AddressTaken
from troupe.store.aggregates import Change, Ref
from troupe.store.commit import commit
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What a stranger founds."""

    tenant: ProvisionTenant
    organization_name: str
    owner: Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    tenant_id: str
    organization_id: str
    owner_id: str


def provision(request: Request[Any], founding: Founding) -> Founded:
    """Found it, or reserve its slug where the owner's address is taken."""
    source_limits.spend(source_limits.TENANTS, request.source_address, request.now)
    ids = Founded(tenant_id=new_id(), organization_id=new_id(), owner_id=new_id())
    inside = request.within(ids.tenant_id, actor=ids.owner_id)
    with confined(ids.tenant_id):
        try:
            transact(inside.scope, (), lambda at: _founded(at, ids, founding))
        except AddressTaken:
            commit([slugs.reserve(founding.tenant.slug, ids.tenant_id, request.now)])
    return ids


def _founded(at: Snapshot, ids: Founded, founding: Founding) -> Decision:
    tenant = at.decide(Ref(decider=TENANT, id=ids.tenant_id, creates=True), founding.tenant)
    person = joined(at, ids.owner_id, founding.owner)
    owner = added(at, person, founding.owner, (ids.organization_id,))
    organization, month = _organization(at, ids, founding), _first_month(at, founding.tenant)
    return Decision(
        changes=(tenant, organization, *owner.changes, month),
        actions=(
            *transactions.actions_of(at, tenant, {"organizations": 1}),
            addresses.unproved(founding.owner.email),
            *owner.actions,
            owners.opened(ids.tenant_id),
        ),
    )


def _organization(at: Snapshot, ids: Founded, founding: Founding) -> Change[Any, Any, Any]:
    create = CreateOrganization(name=founding.organization_name)
    return at.decide(Ref(decider=ORGANIZATION, id=ids.organization_id, creates=True), create)


def _first_month(at: Snapshot, tenant: ProvisionTenant) -> Change[Any, Any, Any]:
    month = month_of(at.scope.context.now, tenant.zone)
    schedule = ScheduleUsagePeriod(period=month, closes_at=end(month, tenant.zone))
    return at.decide(Ref(decider=USAGE_PERIOD, id=month, creates=True), schedule)
