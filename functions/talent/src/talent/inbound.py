"""No route: the context's queue, with its own events, in any order."""

from talent.talents.projection import TALENT_CARDS
from troupe.projection.inbound import Reactions, inbound

VIEWS = (TALENT_CARDS,)
REACTIONS: Reactions = {}

handler = inbound(*VIEWS, reactions=REACTIONS)
