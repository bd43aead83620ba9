"""Who may see, post, moderate and lead in a community: nothing but answers, from what was read.

The leader is the user whom the community names as its owner; moderators come from the leader; an overseer is
who the tenant's roles let watch over every community (`community:oversee`).
"""

from dataclasses import dataclass, replace

from community.communities.decider import Community
from community.communities.membership_decider import Membership
from community.communities.membership_events import Role, Status

ADMINISTER = "community:oversee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The caller as a viewer of a community; `status` is None for a user who never was in it."""

    id: str
    status: Status | None = None
    role: Role = "member"
    leads: bool = False
    administers: bool = False


def viewer(
    principal_id: str, permissions: frozenset[str], community: Community, membership: Membership | None
) -> Viewer:
    who = Viewer(
        id=principal_id, leads=community.owner_id == principal_id, administers=ADMINISTER in permissions
    )
    if membership is None:
        return who
    return replace(who, status=membership.status, role=membership.role)


def belongs(who: Viewer) -> bool:
    """Whether it is a member, or the leader, who is the first of them."""
    return who.status == "active"


def may_see(who: Viewer, community: Community) -> bool:
    """A private community is there for its members alone; for anyone else there is none."""
    if community.status == "deleted":
        return False
    return not community.private or belongs(who) or who.administers


def may_ask(who: Viewer, community: Community) -> bool:
    """Whether it may ask to come in. To who is banned from it, a private community is not there."""
    return not (community.private and who.status == "banned")


def may_lead(who: Viewer) -> bool:
    return who.leads or who.administers


def may_moderate(who: Viewer) -> bool:
    return may_lead(who) or (belongs(who) and who.role == "moderator")


def may_ban(who: Viewer, role: Role) -> bool:
    """Moderators ban members; a moderator is banned by who leads."""
    return may_lead(who) or (may_moderate(who) and role == "member")


def may_post(who: Viewer, community: Community) -> bool:
    """By the community's own policy; whether the person may post anywhere at all is the profile's."""
    if community.status == "deleted" or not belongs(who):
        return False
    return who.leads or community.settings.posting == "members"


def may_comment(who: Viewer, community: Community) -> bool:
    return community.status != "deleted" and belongs(who)


def awaits_moderation(who: Viewer, community: Community) -> bool:
    """Whether what this person posts is looked at before others see it."""
    return community.settings.moderation_required and not may_moderate(who)
