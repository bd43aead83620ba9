"""POST /v1/community/communities"""

from community.communities import membership_counts, transactions
from community.communities import seat as communities_seat
from community.communities.decider import COMMUNITY, CreateCommunity
from community.communities.membership_commands import SeatLeader
from community.communities.requests import SettingsForm
from community.communities.settings import Settings
from community.person import person as person_person
from troupe.domain.decider import Rejected
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(SettingsForm):
    name: fields.Name


@endpoint(
    Operation(
        permission="community:create",
        body=Body,
        status=201,
        refusals=("not_a_leader", "community_limit_reached"),
        example={
            "name": "Sourdough Circle",
            "description": "Everything that rises.",
            "purpose": "Bake better bread together.",
            "branding": {"logo_url": "https://emily.example/logo.png", "color": "#8b5a2b"},
            "visibility": "private",
            "rules": ["Be kind.", "No adverts."],
            "posting": "members",
            "moderation_required": True,
            "limits": {"minimum_age": 16, "countries": ["AT", "DE"], "member_cap": 500},
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """The leader who founds it is its owner and its first member."""
    owner_id, tenant_id = request.caller.id, request.tenant_id
    community = Ref(decider=COMMUNITY, id=new_id(), creates=True)
    seat = communities_seat.membership_ref(community.id, owner_id, creates=True)
    settings = Settings(**request.body.changes())

    def decide(at: Snapshot) -> Decision:
        person = person_person.known(at, owner_id)
        if not person.leads:
            raise Rejected("not_a_leader", "Leaders found communities.")
        party, private = person_person.party(owner_id, person), settings.visibility == "private"
        founded = at.decide(community, CreateCommunity(owner_id=owner_id, settings=settings))
        seated = at.decide(seat, SeatLeader(community_id=community.id, member=party, private=private))
        actions = (
            membership_counts.opened(tenant_id, community.id, settings.limits.member_cap),
            membership_counts.own(tenant_id, owner_id, person.allowances.max_communities),
            transactions.published(tenant_id, community.id, communities_seat.community_of(founded.after)),
            transactions.member(tenant_id, communities_seat.membership_of(seated.after)),
        )
        return Decision(changes=(founded, seated), actions=actions)

    return request.transact(
        (community, *person_person.wanted(tenant_id, owner_id)),
        decide,
        created("/v1/community/communities/{id}"),
    )
