"""The tenant's organizations, as a user's membership needs to know them: whether one is there."""

from troupe import keys, writes
from troupe.store import Snapshot, Unknown
from troupe.writes import Action


def key(tenant_id: str, organization_id: str) -> keys.Key:
    return keys.state(tenant_id, "organization", organization_id)


def there(at: Snapshot, organization_id: str) -> tuple[Action, ...]:
    """Hold the transaction to the organization's being there; `Unknown` if it was not when it was read."""
    organization = key(at.scope.tenant_id, organization_id)
    found = at.item(organization)
    if found is None or "deleted_at" in found:
        raise Unknown(organization_id)
    return (writes.check(organization, "attribute_exists(PK) AND attribute_not_exists(deleted_at)", {}),)
