"""POST /v1/community/communities"""

from community import members, people, seats, standing
from community.community import COMMUNITY, CreateCommunity
from community.community_settings import Settings
from community.forms import SettingsForm
from community.membership_commands import SeatLeader
from troupe import fields
from troupe.aggregates import Ref
from troupe.decider import Rejected
from troupe.http import Operation, endpoint
from troupe.ids import new_id
from troupe.request import Request, created
from troupe.scope import Answer
from troupe.store import Decision, Snapshot


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
    seat = seats.membership_ref(community.id, owner_id, creates=True)
    settings = Settings(**request.body.changes())

    def decide(at: Snapshot) -> Decision:
        person = people.known(at, owner_id)
        if not person.leads:
            raise Rejected("not_a_leader", "Leaders found communities.")
        party, private = people.party(owner_id, person), settings.visibility == "private"
        founded = at.decide(community, CreateCommunity(owner_id=owner_id, settings=settings))
        seated = at.decide(seat, SeatLeader(community_id=community.id, member=party, private=private))
        actions = (
            members.opened(tenant_id, community.id, settings.limits.member_cap),
            members.own(tenant_id, owner_id, person.allowances.max_communities),
            standing.published(tenant_id, community.id, seats.community_of(founded.after)),
            standing.member(tenant_id, seats.membership_of(seated.after)),
        )
        return Decision(changes=(founded, seated), actions=actions)

    return request.transact(
        (community, *people.wanted(tenant_id, owner_id)), decide, created("/v1/community/communities/{id}")
    )
