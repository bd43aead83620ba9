"""Which connected accounts are to be looked through for cards that expire, when, and from where on.

One item for each account, in the index of what falls due: a run takes an account page by page, notes after
each how far it came, and puts the account off to the next day when it is through.
"""

from datetime import datetime, timedelta
from typing import Any

from troupe.clock import now
from troupe.domain.instants import rfc3339
from troupe.store import keys, reads, writes
from troupe.store.commit import Stale, commit
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

KIND = "expiry_scan"
AGAIN = timedelta(days=1)


def arm(event: Envelope) -> None:
    """An account was connected: it is looked through from the next run on. Twice is once."""
    try:
        commit([_item(event.tenant_id, event.aggregate_id, now(), None, absent=True)])
    except Stale:
        return


def bookmark(tenant_id: str, account_id: str) -> str | None:
    """The subscription after which the next page begins; None at the beginning."""
    found = reads.one(key(tenant_id, account_id)) or dict[str, Any]()
    return found.get("after")


def note(tenant_id: str, account_id: str, at: datetime, after: str | None) -> None:
    """Where to go on, and when."""
    commit([_item(tenant_id, account_id, at, after)])


def disarm(tenant_id: str, account_id: str) -> None:
    """A disconnected account is not asked; connected again, it is armed again."""
    place = key(tenant_id, account_id)
    commit([writes.Action(kind="Delete", parameters={"Key": {"PK": {"S": place.pk}, "SK": {"S": place.sk}}})])


def key(tenant_id: str, account_id: str) -> Key:
    return Key(keys.view(tenant_id, KIND, account_id), "SCAN")


def _item(
    tenant_id: str, account_id: str, at: datetime, after: str | None, *, absent: bool = False
) -> writes.Action:
    indexed = {
        "GSI2PK": keys.due_place(KIND, at, now(), account_id),
        "GSI2SK": f"{rfc3339(at)}#{tenant_id}#{account_id}",
    }
    values = {**indexed, **({"after": after} if after else {})}
    return writes.put(key(tenant_id, account_id), values, absent=absent)


REACTIONS = {"stripe_account.connected": (arm,), "stripe_account.reconnected": (arm,)}
