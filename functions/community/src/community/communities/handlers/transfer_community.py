"""POST /v1/community/communities/{community_id}/transfer"""

from uuid import UUID

from community import entries, members, people, seats, standing
from community.community import TransferCommunity
from community.membership import Membership
from community.membership_commands import SetMemberRole
from troupe import fields, writes
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


class Body(fields.Body):
    user_id: UUID


@endpoint(
    Operation(
        permission="community:transfer",
        body=Body,
        refusals=("leader_required", "not_a_leading_member", "community_limit_reached"),
        example={"user_id": "0192f0c1-7a00-7000-8000-0000000000a2"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """To another leader who is an active member. Who led it stays as a moderator, and may leave now."""
    community_id, tenant_id = request.id("community_id"), request.tenant_id
    heir_id = str(request.body.user_id)
    community, heir = seats.community_ref(community_id), seats.membership_ref(community_id, heir_id)

    def decide(at: Snapshot) -> Decision:
        former_id = seats.leading(at, request, community_id).community.owner_id
        person, held = people.find(at, heir_id), at.find(heir)
        active = isinstance(held.state, Membership) and held.state.status == "active"
        to_leader = person is not None and person.leads and active
        change = at.decide(community, TransferCommunity(owner_id=heir_id, to_leader=to_leader))
        if not change.events or person is None:
            return Decision(changes=(change,))
        moderates = at.decide(heir, SetMemberRole(role="moderator"))
        same = (writes.unchanged(heir.key(tenant_id), held.version),)
        moved = (
            standing.published(tenant_id, community_id, seats.community_of(change.after)),
            members.disown(tenant_id, former_id),
            members.own(tenant_id, heir_id, person.allowances.max_communities),
            *(entries.beside(tenant_id, community_id, moderates) if moderates.events else same),
        )
        return Decision(changes=(change, moderates), actions=moved)

    wanted = (*seats.wanted(request, community_id), heir, *people.wanted(tenant_id, heir_id))
    return request.transact(wanted, decide)
