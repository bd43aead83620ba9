"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from community.comment.decider import COMMENT
from community.communities.membership_decider import MEMBERSHIP
from community.distribution.flow import start
from community.feed.projection import FEED_ITEMS
from community.person.projection import PEOPLE
from community.post.decider import POST
from community.report.decider import REPORT
from troupe.projection.erasure import erasing
from troupe.projection.inbound import Reactions, inbound
from troupe.projection.view import View

VIEWS: tuple[View, ...] = (PEOPLE, FEED_ITEMS)

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = {
    **start.REACTIONS,
    "user.personal_data_erased": (erasing(COMMENT, MEMBERSHIP, POST, REPORT),),
}

handler = inbound(*VIEWS, reactions=REACTIONS)
