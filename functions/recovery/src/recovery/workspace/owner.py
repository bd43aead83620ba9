"""Who owns a workspace: a person of the tenant who can sign in."""

from collections.abc import Iterable

from troupe.domain.decider import Invalid
from troupe.security import credential as credentials
from troupe.security.credential import CREDENTIAL, Credential
from troupe.store import writes
from troupe.store.aggregates import Ref
from troupe.store.transact import Snapshot
from troupe.store.writes import Action


def credential(user_id: str) -> Ref[credentials.Credential, credentials.Command, credentials.Event]:
    """What tells whether they can: the kernel's, of every context's principals."""
    return Ref(decider=CREDENTIAL, id=user_id)


def confirmed(at: Snapshot, tenant_id: str, user_ids: Iterable[str]) -> tuple[Action, ...]:
    """Hold the transaction to their being active users (`unknown_owner`)."""
    return tuple(_confirmed(at, tenant_id, user_id) for user_id in user_ids)


def _confirmed(at: Snapshot, tenant_id: str, user_id: str) -> Action:
    found = at.find(credential(user_id))
    known = isinstance(found.state, Credential) and (found.state.kind, found.state.status) == (
        "user",
        "active",
    )
    if not known:
        raise Invalid("unknown_owner", "The owner is an active user of the tenant.", "owner_user_id")
    return writes.unchanged(credential(user_id).key(tenant_id), found.version)
