"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from community.projections.feed_items import FEED_ITEMS
from community.projections.people import PEOPLE
from troupe.rebuild import rebuild

handler = rebuild(PEOPLE, FEED_ITEMS)
