"""A user's membership of the tenant's organizations; it hangs on the organization's being there."""

from typing import Any

from identity.user.commands import Command
from identity.user.decider import USER
from troupe.edge.request import Request
from troupe.store import copies, keys
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.store.writes import Action


def key(tenant_id: str, organization_id: str) -> keys.Key:
    return keys.state(tenant_id, "organization", organization_id)


def there(at: Snapshot, organization_id: str) -> tuple[Action, ...]:
    """Hold the transaction to the organization's being there; `Unknown` if it was not when it was read."""
    organization = key(at.scope.tenant_id, organization_id)
    found = at.item(organization)
    if found is None or "deleted_at" in found:
        raise Unknown(organization_id)
    return (copies.check(organization, "attribute_exists(PK) AND attribute_not_exists(deleted_at)", {}),)


def change(request: Request[Any], command: Command) -> Answer:
    """Decide the command, and hold it to the organization's being there if anything comes of it."""
    user = Ref(decider=USER, id=request.id("user_id"))
    organization_id = request.id("organization_id")

    def decide(at: Snapshot) -> Decision:
        organization = there(at, organization_id)
        decided = at.decide(user, command)
        return Decision(changes=(decided,), actions=organization if decided.events else ())

    return request.transact((user, key(request.tenant_id, organization_id)), decide)
