"""The end of an account whose address was not proved, and of a tenant that was founded with it."""

from dataclasses import replace

from identity import slugs
from identity.tenant import transactions as tenants
from identity.tenant.commands import CancelTenant
from identity.tenant.decider import TENANT
from identity.user import owners, role_counts, transactions
from identity.user.commands import ExpireUser
from troupe.security.addresses import AddressMoved
from troupe.security.credential import PROVE_WITHIN
from troupe.store.aggregates import Ref
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact

NEVER_VERIFIED = "never_verified"  # the reason of the tenant's cancellation


def expire(scope: Scope, user_id: str, command: ExpireUser) -> Decision:
    """End a pending user, the reservations that it holds, and the tenant that it was to own."""
    tenant = Ref(decider=TENANT, id=scope.tenant_id)
    wanted = (*transactions.refs(user_id), tenant)
    try:
        return transact(scope, wanted, lambda at: _expired(at, user_id, command, release=True))
    except AddressMoved:
        return transact(scope, wanted, lambda at: _expired(at, user_id, command, release=False))


def _expired(at: Snapshot, user_id: str, command: ExpireUser, *, release: bool) -> Decision:
    user, _ = transactions.refs(user_id)
    change = at.decide(user, command, deleted=True)
    if not change.events:
        return Decision(changes=(change,))
    ended = Decision(
        changes=(change, transactions.credential_in_step(at, change)),
        actions=(
            *role_counts.count_changes(at.scope.tenant_id, change),
            *(transactions.reservation(at, user_id) if release else ()),
        ),
    )
    founded = owners.OWNER in transactions.person(change.after).roles  # no other owner is ever pending
    return _unfounded(at, ended) if founded else ended


def _unfounded(at: Snapshot, ended: Decision) -> Decision:
    tenant_id = at.scope.tenant_id
    ref = Ref(decider=TENANT, id=tenant_id)
    tenant = at.of(ref).state
    cancelled = at.decide(ref, CancelTenant(reason=NEVER_VERIFIED))
    reserved = at.scope.context.now < tenant.created_at + PROVE_WITHIN
    slug = (slugs.release(tenant.slug, tenant_id),) if reserved else ()
    return replace(
        ended,
        changes=(*ended.changes, cancelled),
        actions=(*ended.actions, *tenants.actions_of(at, cancelled), *slug),
    )
