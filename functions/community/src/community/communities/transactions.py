"""What the context publishes of a community and its members, for the conditions of every context.

Written in the transaction that writes the community or the membership, always.
"""

from community.communities.decider import Community
from community.communities.membership_decider import Membership
from troupe.store import copies, keys, writes
from troupe.store.writes import Action


def published(tenant_id: str, community_id: str, community: Community) -> tuple[Action, ...]:
    values = {
        "owner_id": community.owner_id,
        "status": community.status,
        "visibility": community.settings.visibility,
        "name": community.settings.name,
        "logo_url": community.settings.branding.logo_url,
    }
    standing = keys.community_standing(tenant_id, community_id)
    checked = {name: values[name] for name in ("owner_id", "status", "visibility")}
    return (writes.put(standing, values), *copies.written(standing, checked))


def member(tenant_id: str, membership: Membership) -> Action:
    key = keys.community_member(tenant_id, membership.community_id, membership.member.id)
    return writes.put(key, {"status": membership.status, "role": membership.role})
