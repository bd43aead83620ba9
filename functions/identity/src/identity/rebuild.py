"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from identity.user.cards import USER_CARDS
from identity.user.lifecycle import USER_LIFECYCLE
from identity.user.search import USER_WORDS
from troupe.projection.rebuild import rebuild

handler = rebuild(USER_CARDS, USER_LIFECYCLE, USER_WORDS)
