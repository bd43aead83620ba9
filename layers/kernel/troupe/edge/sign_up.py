"""Where a stranger signs up: the tenant that the path names by its slug, and whether it takes strangers."""

import re
from dataclasses import dataclass
from typing import Any

from troupe.edge import fields
from troupe.edge.request import Request
from troupe.quota import source_limits
from troupe.security import addresses
from troupe.store import keys, reads, reservations, tenant_status
from troupe.store.table import ENTRY, confined
from troupe.store.transact import Unknown
from troupe.store.writes import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTenant:
    id: str
    waiting: str | None  # the principal of this tenant who is to prove the address that was given


def tenant_named(request: Request[Any], address: str) -> NamedTenant:
    """The tenant of the slug, in one read; `Unknown` for text that is not a slug.

    The sign-up counts against its source address first (`TooManyRequests`).
    """
    slug = request.path["slug"]
    if not re.fullmatch(fields.SLUG, slug):
        raise Unknown(slug)
    source_limits.spend(source_limits.SIGN_UPS, request.source_address, request.now)
    name, guards = keys.unique("slug", slug), addresses.wanted(address)
    with confined(keys.SYSTEM, ENTRY):
        items = reads.batch((name, *guards))
    guard = items.get(name)
    if guard is None or not reservations.holds(guard, request.now):
        raise Unknown(slug)
    tenant_id: str = guard["tenant_id"]
    found = None if guards[0] in items else addresses.found(items, address, request.now)
    return NamedTenant(id=tenant_id, waiting=found[1] if found and found[0] == tenant_id else None)


def is_open(tenant_id: str) -> Action:
    """Only a tenant that is in good standing and takes strangers gets them (`sign_up_closed`)."""
    return tenant_status.takes_strangers(tenant_id)
