"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from identity.usage import quota_warnings
from identity.user.cards import USER_CARDS
from identity.user.lifecycle import USER_LIFECYCLE
from identity.user.search import USER_WORDS
from troupe.projection.inbound import Reactions, inbound

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Reactions = dict.fromkeys(quota_warnings.USES, (quota_warnings.watch,))

handler = inbound(USER_CARDS, USER_LIFECYCLE, USER_WORDS, reactions=REACTIONS)
