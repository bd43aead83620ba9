"""What talent writes beside its aggregates: the guards of accounts, the quota and published standings."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.samples.sample_ids import TALENT, TENANT
from documents.samples.seeding import AnyChange, put, remove
from talent.talents import transactions
from talent.talents.state import Talent
from troupe.quota import quota
from troupe.store import writes
from troupe.store.transact import Snapshot

ROOM = 100_000


def seed(at: Snapshot, changes: Sequence[AnyChange]) -> None:
    """The accounts belong to the sample's own talent; what is like it has none."""
    del at
    put(quota.opened(TENANT, transactions.QUOTA, ROOM, 2))
    remove(transactions.account(TENANT, "tiktok", "7012345"))
    for change in changes:
        talent = change.after.state
        if isinstance(talent, Talent):
            put(transactions.published(TENANT, change))
            put(_guards(change.ref.id, talent))


def _guards(talent_id: str, talent: Talent) -> list[Any]:
    return [
        writes.put(transactions.account(TENANT, name, each.external_id), {"talent_id": talent_id})
        for name, each in talent.platforms.items()
        if each.external_id and talent_id == TALENT
    ]


def secrets(_name: str, _at: Snapshot, _changes: Sequence[AnyChange]) -> Mapping[str, Any]:
    """Nothing that a sample of talent sends is signed."""
    return {}
