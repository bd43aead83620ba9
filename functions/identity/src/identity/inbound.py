"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from identity.projections.user_cards import USER_CARDS
from identity.projections.user_lifecycle import USER_LIFECYCLE
from identity.reactions import watch_quotas
from troupe.inbound import Reactions, inbound

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = dict.fromkeys(watch_quotas.USES, (watch_quotas.watch,))

handler = inbound(USER_CARDS, USER_LIFECYCLE, reactions=REACTIONS)
