"""How many retries may be made at once on one Stripe account: so many slots, each with a lease.

Retries of many invoices at the same moment look like a thief who tries stolen cards. A slot is taken in the
transaction that claims the retry; one whose worker died is free when its lease is over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from recovery.policy.schedule import jitter
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

LEASE = timedelta(minutes=3)  # longer than a claim's
WAIT, SPREAD = timedelta(minutes=1), timedelta(minutes=4)


def keys_to_read(tenant_id: str, stripe_account_id: str, concurrency: int) -> tuple[Key, ...]:
    """The account's slots, to be read with what the claim is decided on."""
    return tuple(
        keys.counter(tenant_id, "retrying", stripe_account_id, f"SLOT#{number}")
        for number in range(concurrency)
    )


def take(at: Snapshot, slots: Iterable[Key], holder: str, now: datetime) -> Action | None:
    """Take one that is free, or is the holder's already; None if every slot is held by others."""
    for key in slots:
        item = at.item(key)
        if item is None or item["until"] <= now.timestamp() or item["holder"] == holder:
            return _taken(key, holder, now)
    return None


def free(slots: Iterable[Key], at: Snapshot, holder: str) -> tuple[Action, ...]:
    """Give back what the holder has."""
    held = (key for key in slots if (at.item(key) or {}).get("holder") == holder)
    return tuple(writes.release(key, holder=holder) for key in held)


def later(attempt_id: str, number: int, now: datetime) -> datetime:
    """When to ask for a slot again, spread so that those who wait don't come together."""
    return now + WAIT + jitter(f"{attempt_id}:{int(now.timestamp())}", number, SPREAD)


def _taken(key: Key, holder: str, now: datetime) -> Action:
    until = int((now + LEASE).timestamp())
    return writes.update(
        key,
        "SET #holder = :holder, #until = :until, expires_at = :until",
        {"holder": holder, "until": until, "now": int(now.timestamp())},
        condition="attribute_not_exists(PK) OR #until <= :now OR #holder = :holder",
        names={"#holder": "holder", "#until": "until"},
    )
