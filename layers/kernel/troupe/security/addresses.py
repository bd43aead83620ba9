"""The e-mail addresses of principals: reserved within a tenant until proved, then unique in the whole system.

An address that its owner has not proved is reserved in one tenant alone, for as long as the link lives that
was sent to it. So to register or invite a foreign address does not block its owner.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from troupe.domain.decider import Rejected
from troupe.security.credential import PROVE_WITHIN, Credential
from troupe.store import keys, reservations, writes
from troupe.store.keys import Key
from troupe.store.writes import ABSENT, Action


class AddressTaken(Rejected):
    """Told within the tenant, and to who has proved the address; not to a stranger."""

    def __init__(self) -> None:
        super().__init__("email_taken", "The address is in use.")


class AddressMoved(Rejected):
    """The reservation that was to be released has given way to who proved the address."""

    def __init__(self) -> None:
        super().__init__("address_moved", "The address belongs to another account by now.")


def reserved(tenant_id: str, principal_id: str, address: str, now: datetime) -> tuple[Action, ...]:
    """Reserve an address in the tenant (or `AddressTaken`), and be found by it until an account proves it."""
    owner, until = _owner(tenant_id, principal_id), now + PROVE_WITHIN
    return (
        reservations.reserve(keys.email(address, tenant_id), owner, now, until, AddressTaken()),
        writes.put(keys.email_unproved(address), reservations.reserved(owner, until)),
    )


def unproved(address: str) -> Action:
    """Refuse an address that an account has proved, in any tenant."""
    return writes.check(keys.email(address), ABSENT, {}, refused=AddressTaken())


def proved(tenant_id: str, principal_id: str, address: str) -> tuple[Action, ...]:
    """The address is the principal's, unless another has proved it before (`AddressTaken`)."""
    owner = _owner(tenant_id, principal_id)
    return tuple(reservations.prove(key, owner, AddressTaken()) for key in _guards(tenant_id, address))


def released(tenant_id: str, principal_id: str, address: str) -> tuple[Action, ...]:
    """Give up an address that was proved."""
    owner = _owner(tenant_id, principal_id)
    return tuple(reservations.release(key, owner) for key in _guards(tenant_id, address))


def given_up(tenant_id: str, principal_id: str, who: Credential, now: datetime) -> tuple[Action, ...]:
    """What an address that was never proved leaves: a reservation, while it lasts (or `AddressMoved`)."""
    if who.status != "pending" or now >= who.opened_at + PROVE_WITHIN:
        return ()
    owner = _owner(tenant_id, principal_id)
    return (reservations.release(keys.email(who.email, tenant_id), owner, AddressMoved()),)


def wanted(address: str) -> tuple[Key, Key]:
    """What tells who is found by an address."""
    return keys.email(address), keys.email_unproved(address)


def found(items: Mapping[Key, Mapping[str, Any]], address: str, now: datetime) -> tuple[str, str] | None:
    """The tenant and the principal of an address: who proved it, else who was last sent a link to it."""
    for key in wanted(address):
        guard = items.get(key)
        if guard and reservations.holds(guard, now):
            return guard["tenant_id"], guard["principal_id"]
    return None


def _guards(tenant_id: str, address: str) -> tuple[Key, ...]:
    """Operators have the system's guard alone, which is their tenant's own."""
    return tuple(dict.fromkeys((keys.email(address), keys.email(address, tenant_id))))


def _owner(tenant_id: str, principal_id: str) -> dict[str, str]:
    return {"tenant_id": tenant_id, "principal_id": principal_id}
