"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from community.feed.projection import FEED_ITEMS
from community.person.projection import PEOPLE
from troupe.projection.rebuild import rebuild

handler = rebuild(PEOPLE, FEED_ITEMS)
