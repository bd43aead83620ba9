"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from community.distribution.flow import start
from community.feed.projection import FEED_ITEMS
from community.person.projection import PEOPLE
from troupe.projection.inbound import Reactions, inbound
from troupe.projection.view import View

VIEWS: tuple[View, ...] = (PEOPLE, FEED_ITEMS)

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = start.REACTIONS

handler = inbound(*VIEWS, reactions=REACTIONS)
