"""POST /v1/community/communities/{community_id}/members/{user_id}/approve"""

from community.communities import moderation
from community.communities.caller import CommunityCaller
from community.communities.membership_commands import ApproveMember
from community.person import person as person_person
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown


@endpoint(
    Operation(
        permission="membership:approve",
        refusals=(
            "moderator_required",
            "invalid_transition",
            "community_full",
            "age_unknown",
            "too_young",
            "country_unknown",
            "country_not_taken",
        ),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """Approve a request to join, if the community's current limits allow it."""
    user_id = request.id("user_id")

    def ruling(at: Snapshot, caller: CommunityCaller) -> ApproveMember:
        person = person_person.find(at, user_id)
        if person is None:
            raise Unknown(user_id)
        community = caller.community
        return ApproveMember(
            private=community.private,
            limits=community.settings.limits,
            applicant=person_person.applicant(person),
        )

    person_keys = person_person.key_to_read(request.tenant_id, user_id)
    return moderation.rule(request, ruling, *person_keys, person_person.subject(request.tenant_id, user_id))
