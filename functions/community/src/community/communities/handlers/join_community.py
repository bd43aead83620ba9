"""POST /v1/community/communities/{community_id}/join"""

from dataclasses import replace

from pydantic import BaseModel

from community import access, entries, people, seats
from community.membership_commands import JoinCommunity
from community.membership_events import Status
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, Unknown


class Joined(BaseModel, frozen=True):
    """`active` in a public community, `pending` until somebody approves in a private one."""

    id: str
    version: int
    status: Status


@endpoint(
    Operation(
        permission="community:join",
        reply=Joined,
        refusals=(
            "community_full",
            "member_banned",
            "age_unknown",
            "too_young",
            "country_unknown",
            "country_not_taken",
        ),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    community_id, tenant_id, user_id = request.id("community_id"), request.tenant_id, request.caller.id
    own = seats.membership_ref(community_id, user_id, creates=True)

    def decide(at: Snapshot) -> Decision:
        seat = seats.found(at, request, community_id)
        if not access.may_ask(seat.viewer, seat.community):
            raise Unknown(community_id)
        person = people.known(at, user_id)
        command = JoinCommunity(
            community_id=community_id,
            member=people.party(user_id, person),
            private=seat.community.private,
            limits=seat.community.settings.limits,
            applicant=people.applicant(person),
        )
        change = at.decide(own, command)
        moved = entries.moved(tenant_id, community_id, change, seat.community_as_read())
        return replace(moved, body={"status": seats.membership_of(change.after).status})

    wanted = (own, *seats.wanted(request, community_id), *people.wanted(tenant_id, user_id))
    return request.transact(wanted, decide)
