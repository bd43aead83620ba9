"""The plain commands of a membership, by a moderator of its community."""

from community import moderation
from community.membership import MEMBERSHIP
from community.membership_commands import DeclineMember, UnbanMember
from troupe.routes import Routes

routes = Routes(MEMBERSHIP, run=moderation.carry_out, refusals=("moderator_required", "invalid_transition"))

decline_member = routes.post(
    "/communities/{community_id}/members/{user_id}/decline",
    DeclineMember,
    permission="membership:decline",
)
unban_member = routes.post(
    "/communities/{community_id}/members/{user_id}/unban", UnbanMember, permission="membership:unban"
)
