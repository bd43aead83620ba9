"""How a stranger's request comes in: by an e-mail address, whose guard names the tenant and the principal.

An unknown address gets a placeholder account, under `@` and an id of its own. What follows reads, counts and
writes there as for a real account, so that neither the answer nor its time tells which addresses exist.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from troupe.edge.request import Request
from troupe.quota.source_limits import WRONG_PASSWORDS, counter, refuse_used_up
from troupe.security import addresses
from troupe.store import keys, reads
from troupe.store.table import ENTRY, confined


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLookup:
    tenant_id: str
    principal_id: str


def look_up(address: str, now: datetime, guesses_from: str = "") -> AccountLookup:
    """Who has the address; `guesses_from` is where a password comes from.

    Raises `TooManyRequests` when too many wrong ones came from there.
    """
    counted = (counter(WRONG_PASSWORDS, guesses_from, now),) if guesses_from else ()
    with confined(keys.SYSTEM, ENTRY):
        items = reads.batch((*addresses.wanted(address), *counted))
    for key in counted:
        refuse_used_up(WRONG_PASSWORDS, items.get(key, {}).get("count", 0), now)
    found = addresses.found(items, address, now)
    tenant_id, principal_id = found or (keys.SYSTEM, _placeholder_id(address))
    return AccountLookup(tenant_id=tenant_id, principal_id=principal_id)


def within[B](request: Request[B], tenant_id: str, actor: str | None = None) -> Request[B]:
    """A stranger's request inside the tenant that was found.

    It asks for no version: a refusal for a stale one would tell that something is there.
    """
    inside = request.within(tenant_id, actor=actor)
    return replace(inside, scope=replace(inside.scope, if_match=None))


def _placeholder_id(address: str) -> str:
    return str(UUID(bytes=sha256(b"nobody:" + address.encode()).digest()[:16]))
