"""POST /v1/community/communities/{community_id}/join"""

from dataclasses import replace

from pydantic import BaseModel

from community.communities import access_rules, membership_transactions
from community.communities import caller as community_callers
from community.communities.membership_commands import JoinCommunity
from community.communities.membership_events import Status
from community.person import person as person_person
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown


class Joined(BaseModel, frozen=True):
    """`active` in a public community; in a private one `pending` until a moderator approves."""

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
    own = community_callers.membership_ref(community_id, user_id, creates=True)

    def decide(at: Snapshot) -> Decision:
        caller = community_callers.found(at, request, community_id)
        if not access_rules.may_ask(caller.viewer, caller.community):
            raise Unknown(community_id)
        person = person_person.known(at, user_id)
        command = JoinCommunity(
            community_id=community_id,
            member=person_person.snapshot_of(user_id, person),
            private=caller.community.private,
            limits=caller.community.settings.limits,
            applicant=person_person.applicant(person),
        )
        change = at.decide(own, command)
        moved = membership_transactions.moved(tenant_id, community_id, change, caller.community_as_read())
        return replace(moved, body={"status": community_callers.membership_of(change.after).status})

    wanted = (
        own,
        *community_callers.keys_to_read(request, community_id),
        *person_person.key_to_read(tenant_id, user_id),
        person_person.subject(tenant_id, user_id),
    )
    return request.transact(wanted, decide)
