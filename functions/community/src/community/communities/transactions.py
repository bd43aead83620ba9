"""What the context publishes of a community and its members, for the conditions of every context.

Written in the transaction that writes the community or the membership, always.
"""

from community.communities.decider import Community
from community.communities.membership_decider import Membership
from troupe.store import keys, writes
from troupe.store.writes import Action


def published(tenant_id: str, community_id: str, community: Community) -> Action:
    values = {
        "owner_id": community.owner_id,
        "status": community.status,
        "visibility": community.settings.visibility,
        "name": community.settings.name,
        "logo_url": community.settings.branding.logo_url,
    }
    return writes.put(keys.community_standing(tenant_id, community_id), values)


def member(tenant_id: str, membership: Membership) -> Action:
    key = keys.community_member(tenant_id, membership.community_id, membership.member.id)
    return writes.put(key, {"status": membership.status, "role": membership.role})
