"""The caller's membership in a community, loaded for a decision, and the community.

A caller who may not see the community gets `Unknown`; a caller who may see it gets the reason of a refusal.
"""

from dataclasses import dataclass
from typing import Any

from community.communities import access_rules, membership_decider
from community.communities.access_rules import Viewer
from community.communities.decider import COMMUNITY, Community
from community.communities.membership_decider import MEMBERSHIP, Membership
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store import aggregates, reads, writes
from troupe.store.aggregates import Ref, Stored
from troupe.store.transact import Snapshot, Unknown
from troupe.store.writes import Action


def community_ref(community_id: str) -> Ref[Community, Any, Any]:
    return Ref(decider=COMMUNITY, id=community_id)


def membership_ref(community_id: str, user_id: str, *, creates: bool = False) -> Ref[Membership, Any, Any]:
    return Ref(decider=MEMBERSHIP, id=membership_decider.of(community_id, user_id), creates=creates)


def community_of(stored: Stored[Community | None]) -> Community:
    if stored.state is None:
        raise Unknown(stored.id)
    return stored.state


def membership_of(stored: Stored[Membership | None]) -> Membership:
    if stored.state is None:
        raise Unknown(stored.id)
    return stored.state


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityCaller:
    """The caller's place in one community."""

    tenant_id: str
    community_id: str
    version: int
    community: Community
    version_of_membership: int
    viewer: Viewer

    def community_as_read(self) -> tuple[Action, ...]:
        """Hold the transaction to the community's version, where it does not write the community."""
        return (aggregates.unchanged(community_ref(self.community_id), self.tenant_id, self.version),)

    def as_read(self) -> tuple[Action, ...]:
        """Hold it to all that the caller's permission rests on; who may lead needs no membership for it."""
        community = self.community_as_read()
        if access_rules.may_lead(self.viewer):
            return community
        own = membership_ref(self.community_id, self.viewer.id).key(self.tenant_id)
        return (*community, writes.unchanged(own, self.version_of_membership))


def keys_to_read(request: Request[Any], community_id: str) -> tuple[Ref[Any, Any, Any], Ref[Any, Any, Any]]:
    """What the caller's seat is read from."""
    return community_ref(community_id), membership_ref(community_id, request.caller.id)


def found(
    at: Snapshot, request: Request[Any], community_id: str, *, deleted: bool = False
) -> CommunityCaller:
    """The caller's membership, whether or not they may see the community."""
    stored = at.of(community_ref(community_id), deleted=deleted)
    community = stored.state
    caller, own = request.caller, at.find(membership_ref(community_id, request.caller.id))
    return CommunityCaller(
        tenant_id=request.tenant_id,
        community_id=community_id,
        version=stored.version,
        community=community,
        version_of_membership=own.version,
        viewer=access_rules.viewer(caller.id, caller.permissions, community, own.state),
    )


def seen(at: Snapshot, request: Request[Any], community_id: str) -> CommunityCaller:
    """The membership of a caller who may see the community."""
    caller = found(at, request, community_id)
    if not access_rules.may_see(caller.viewer, caller.community):
        raise Unknown(community_id)
    return caller


def moderating(at: Snapshot, request: Request[Any], community_id: str) -> CommunityCaller:
    caller = seen(at, request, community_id)
    if not access_rules.may_moderate(caller.viewer):
        raise Forbidden("moderator_required", "This is for the community's moderators.")
    return caller


def leading(
    at: Snapshot, request: Request[Any], community_id: str, *, deleted: bool = False
) -> CommunityCaller:
    """The seat of the leader or an overseer; they alone know of a deleted community."""
    caller = found(at, request, community_id, deleted=deleted)
    if access_rules.may_lead(caller.viewer):
        return caller
    if not access_rules.may_see(caller.viewer, caller.community):
        raise Unknown(community_id)
    raise Forbidden("leader_required", "This is for the community's leader.")


def read(request: Request[Any], community_id: str, *more: Any) -> Snapshot:
    """What a query needs to know of the caller's seat, and `more`, in one batch."""
    refs = keys_to_read(request, community_id)
    return Snapshot(
        scope=request.scope,
        items=reads.batch([*(ref.key(request.tenant_id) for ref in refs), *more]),
    )
