"""The feeds: a card for each post and promotion in each feed that shows it.

A feed item is one row, fed by its stream, and so are its author and its community; the cards are made of
all three (feed_keeping.py). Derived: it can be rebuilt from the events.
"""

from community.feed import keys, propagate, update
from community.feed.authors import community, supplier, user
from community.feed.card_rules import VIEW, Author, CommunityShown, FeedSource
from community.feed.sources import post, promotion
from troupe.projection.view import Source, View

POST = Source[FeedSource](kind="post", shape=FeedSource, place=keys.place, project=post, then=update.compose)
PROMOTION = Source[FeedSource](
    kind="promotion", shape=FeedSource, place=keys.place, project=promotion, then=update.compose
)
USER = Source[Author](kind="user", shape=Author, place=keys.place, project=user, then=propagate.follow)
SUPPLIER = Source[Author](
    kind="supplier", shape=Author, place=keys.place, project=supplier, then=propagate.follow
)
COMMUNITY = Source[CommunityShown](
    kind="community", shape=CommunityShown, place=keys.place, project=community, then=propagate.follow
)
FEED_ITEMS = View(name=VIEW, sources=(POST, PROMOTION, USER, SUPPLIER, COMMUNITY))
