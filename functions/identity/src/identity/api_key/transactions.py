"""What stands beside an API key: the item that the authorizer reads, and the count of a tenant's keys."""

from typing import Any

from troupe.domain.decider import Rejected
from troupe.security import api_keys
from troupe.store import keys, writes
from troupe.store.aggregates import Change
from troupe.store.transact import Decision, Snapshot
from troupe.store.writes import Action

MOST = 25  # of a tenant that are not revoked

_MANY = Rejected("too_many_api_keys", f"A tenant has at most {MOST} API keys: revoke one that is not used.")


def counter(tenant_id: str) -> keys.Key:
    return keys.counter(tenant_id, "api_keys", "count")


def counted(tenant_id: str) -> Action:
    return writes.update(
        counter(tenant_id),
        "ADD kept :one",
        {"one": 1, "most": MOST},
        condition="attribute_not_exists(kept) OR kept < :most",
        refused=_MANY,
    )


def revoked(at: Snapshot, change: Change[Any, Any, Any]) -> Decision:
    """No secret of it is good any more, and there is room for another key."""
    tenant_id = at.scope.tenant_id
    less = writes.update(counter(tenant_id), "ADD kept :less", {"less": -1})
    return Decision(changes=(change,), actions=(api_keys.closed(tenant_id, change.ref.id), less))
