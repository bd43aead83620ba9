"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from identity.projections.user_cards import USER_CARDS
from identity.projections.user_lifecycle import USER_LIFECYCLE
from troupe.rebuild import rebuild

handler = rebuild(USER_CARDS, USER_LIFECYCLE)
