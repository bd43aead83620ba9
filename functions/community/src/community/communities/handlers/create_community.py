"""POST /v1/community/communities"""

from community.communities import caller as community_callers
from community.communities import membership_counts, transactions
from community.communities.decider import COMMUNITY, CreateCommunity
from community.communities.membership_commands import AddLeader
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
    caller = community_callers.membership_ref(community.id, owner_id, creates=True)
    settings = Settings(**request.body.changes())

    def decide(at: Snapshot) -> Decision:
        person = person_person.known(at, owner_id)
        if not person.leads:
            raise Rejected("not_a_leader", "Leaders found communities.")
        party, private = person_person.snapshot_of(owner_id, person), settings.visibility == "private"
        founded = at.decide(community, CreateCommunity(owner_id=owner_id, settings=settings))
        seated = at.decide(caller, AddLeader(community_id=community.id, member=party, private=private))
        actions = (
            *membership_counts.opened(tenant_id, community.id, settings.limits.member_cap),
            membership_counts.count_led(tenant_id, owner_id, person.allowances.max_communities),
            *transactions.published(tenant_id, community.id, community_callers.community_of(founded.after)),
            transactions.member(tenant_id, community_callers.membership_of(seated.after)),
        )
        return Decision(changes=(founded, seated), actions=actions)

    return request.transact(
        (
            community,
            *person_person.key_to_read(tenant_id, owner_id),
            person_person.subject(tenant_id, owner_id),
        ),
        decide,
        created("/v1/community/communities/{id}"),
    )
