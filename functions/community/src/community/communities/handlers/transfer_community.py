"""POST /v1/community/communities/{community_id}/transfer"""

from uuid import UUID

from community.communities import caller, membership_counts, membership_transactions, transactions
from community.communities.decider import TransferCommunity
from community.communities.membership_commands import SetMemberRole
from community.communities.membership_decider import Membership
from community.person import person as person_person
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store import writes
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


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
    community, heir = caller.community_ref(community_id), caller.membership_ref(community_id, heir_id)

    def decide(at: Snapshot) -> Decision:
        former_id = caller.leading(at, request, community_id).community.owner_id
        person, held = person_person.find(at, heir_id), at.find(heir)
        active = isinstance(held.state, Membership) and held.state.status == "active"
        to_leader = person is not None and person.leads and active
        change = at.decide(community, TransferCommunity(owner_id=heir_id, to_leader=to_leader))
        if not change.events or person is None:
            return Decision(changes=(change,))
        moderates = at.decide(heir, SetMemberRole(role="moderator"))
        same = (writes.unchanged(heir.key(tenant_id), held.version),)
        moved = (
            *transactions.published(tenant_id, community_id, caller.community_of(change.after)),
            membership_counts.uncount_led(tenant_id, former_id),
            membership_counts.count_led(tenant_id, heir_id, person.allowances.max_communities),
            *(
                membership_transactions.without_counts(tenant_id, community_id, moderates)
                if moderates.events
                else same
            ),
        )
        return Decision(changes=(change, moderates), actions=moved)

    wanted = (
        *caller.keys_to_read(request, community_id),
        heir,
        *person_person.key_to_read(tenant_id, heir_id),
    )
    return request.transact(wanted, decide)
