"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from community.projections.feed_items import FEED_ITEMS
from community.projections.people import PEOPLE
from community.reactions import distribution_flow
from troupe.inbound import Reactions, inbound
from troupe.views import View

VIEWS: tuple[View, ...] = (PEOPLE, FEED_ITEMS)

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = distribution_flow.REACTIONS

handler = inbound(*VIEWS, reactions=REACTIONS)
