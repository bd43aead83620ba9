"""The plain commands of a membership, by a moderator of its community."""

from community.communities import moderation
from community.communities.membership_commands import DeclineMember, UnbanMember
from community.communities.membership_decider import MEMBERSHIP
from troupe.edge.routes import Routes

routes = Routes(MEMBERSHIP, run=moderation.carry_out, refusals=("moderator_required", "invalid_transition"))

decline_member = routes.post(
    "/communities/{community_id}/members/{user_id}/decline",
    DeclineMember,
    permission="membership:decline",
)
unban_member = routes.post(
    "/communities/{community_id}/members/{user_id}/unban", UnbanMember, permission="membership:unban"
)
