"""The feeds: a card for each post and promotion in each feed that shows it, of a community or of everybody.

A piece is one row, fed by its stream, and so is whoever it is by, and its community; the cards are made of
all three (feed_keeping.py). Derived: it can be rebuilt from the events.
"""

from community import feed_following, feed_keeping, feed_rows
from community.feed_authors import house, supplier, user
from community.feed_cards import VIEW, Author, House, Piece
from community.feed_pieces import post, promotion
from troupe.views import Source, View

POST = Source[Piece](kind="post", shape=Piece, place=feed_rows.place, project=post, then=feed_keeping.compose)
PROMOTION = Source[Piece](
    kind="promotion", shape=Piece, place=feed_rows.place, project=promotion, then=feed_keeping.compose
)
USER = Source[Author](
    kind="user", shape=Author, place=feed_rows.place, project=user, then=feed_following.follow
)
SUPPLIER = Source[Author](
    kind="supplier", shape=Author, place=feed_rows.place, project=supplier, then=feed_following.follow
)
COMMUNITY = Source[House](
    kind="community", shape=House, place=feed_rows.place, project=house, then=feed_following.follow
)
FEED_ITEMS = View(name=VIEW, sources=(POST, PROMOTION, USER, SUPPLIER, COMMUNITY))
