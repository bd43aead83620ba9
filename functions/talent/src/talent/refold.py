"""No route: an operator folds a kind again from its events, in as many calls as it takes."""

from talent.talents.decider import TALENT
from troupe.store.refold import refold

handler = refold(TALENT)
