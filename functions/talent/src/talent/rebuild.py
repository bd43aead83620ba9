"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from talent.talents.projection import TALENT_CARDS
from troupe.projection.rebuild import rebuild

handler = rebuild(TALENT_CARDS)
