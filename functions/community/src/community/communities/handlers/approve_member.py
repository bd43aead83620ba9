"""POST /v1/community/communities/{community_id}/members/{user_id}/approve"""

from community import moderation, people
from community.membership_commands import ApproveMember
from community.seats import Seat
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Snapshot, Unknown


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
    """Let somebody in who asked, if the limits of the community as it is now still allow it."""
    user_id = request.id("user_id")

    def ruling(at: Snapshot, seat: Seat) -> ApproveMember:
        person = people.find(at, user_id)
        if person is None:
            raise Unknown(user_id)
        community = seat.community
        return ApproveMember(
            private=community.private, limits=community.settings.limits, applicant=people.applicant(person)
        )

    return moderation.rule(request, ruling, *people.wanted(request.tenant_id, user_id))
