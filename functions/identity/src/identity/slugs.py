"""Slugs, which name a tenant: reserved for who founds it, its own once the owner has proved the address."""

from datetime import datetime

from troupe.domain.decider import Rejected
from troupe.security.credential import PROVE_WITHIN
from troupe.store import keys, reservations
from troupe.store.writes import Action


def reserve(slug: str, tenant_id: str, now: datetime) -> Action:
    """As long as the owner has to prove the address (`slug_taken`)."""
    return reservations.reserve(_guard(slug), _owner(tenant_id), now, now + PROVE_WITHIN, _taken())


def prove(slug: str, tenant_id: str) -> Action:
    """From now on the tenant has it, unless another tenant has proved it before (`slug_taken`)."""
    return reservations.prove(_guard(slug), _owner(tenant_id), _taken())


def release(slug: str, tenant_id: str) -> Action:
    """Of a tenant whose owner never came; the one who has it by now keeps it (`slug_taken`)."""
    return reservations.release(_guard(slug), _owner(tenant_id), _taken())


def _guard(slug: str) -> keys.Key:
    return keys.unique("slug", slug)


def _owner(tenant_id: str) -> dict[str, str]:
    return {"tenant_id": tenant_id}


def _taken() -> Rejected:
    return Rejected("slug_taken", "Another tenant has this slug.")
